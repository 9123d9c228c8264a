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

/// Lines shown around one point in time.
inline constexpr std::size_t longest_window = 14;

struct TimelineEntry {
  std::int64_t at = 0;  ///< ns since the log's start
  std::string who;      ///< "sut", "upstream → sut", "link → sut #2" if there are several connections
  std::string what;     ///< "text "hello" (5 bytes)"
};

/// What happened, in order. A frame, head or end that passed the link unchanged is one entry, at the time
/// when its sender sent it; an entry that did not arrive, or that the link invented, says so.
std::vector<TimelineEntry> timeline(const record::Events& events);

/// Lines to print, indented by two, each ending in a newline. All entries if there are few; else those around
/// the origin and around `at` (none: the end), with "…" where some are left out.
std::string print_timeline(const std::vector<TimelineEntry>& entries, Origin origin,
                           std::optional<std::int64_t> at);

}  // namespace wsfault::report
