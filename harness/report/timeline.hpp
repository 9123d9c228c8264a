// The events of a case as readable lines: when (relative to the fault), who, and what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/event.hpp"
#include "report/origin.hpp"

namespace wsfault::report {

/// Lines shown around the points in time that matter, without those that decide.
inline constexpr std::size_t longest_window = 14;
/// Lines that decide and are shown wherever they are.
inline constexpr std::size_t most_that_decide = 12;

struct TimelineEntry {
  std::int64_t at = 0;  ///< ns since the log's start
  std::string who;      ///< "sut", "upstream → sut", "link → sut #2" if there are several connections
  std::string what;     ///< "text "hello" (5 bytes)"
  int connection = 0;   ///< 0: of none
  /// How much it decides: 0 for messages and the like; the more, the sooner it is shown though it is far from the
  /// points in time that matter.
  int weight = 0;
};

/// What happened, in order. A frame, head or end that passed the link unchanged is one entry, at the time
/// when its sender sent it; an entry that did not arrive, or that the link invented, says so.
std::vector<TimelineEntry> timeline(const record::Events& events);

/// What a finding counts from, and is about.
struct Focus {
  std::optional<std::int64_t> at;     ///< of the event that decided it; none: the end
  std::optional<std::int64_t> since;  ///< when that from which it counts had come
  int connection = 0;                 ///< 0: of none
};

/// Lines to print, indented by two, each ending in a newline. All entries if there are few; else those around
/// the origin, around `at` and at `since`, and what decides, before all of the connection that it is about; "…"
/// where some are left out.
std::string print_timeline(const std::vector<TimelineEntry>& entries, Origin origin, const Focus& focus);

}  // namespace wsfault::report
