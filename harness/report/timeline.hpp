// The events of a case as lines to read: when, counted from the fault, who, and what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "record/event.hpp"

namespace wsfault::report {

/// Lines shown around one instant.
inline constexpr std::size_t longest_window = 14;

struct TimelineEntry {
  std::int64_t at = 0;  ///< ns since the log's start
  std::string who;      ///< "sut", "upstream → sut", "link → sut #2" where there are several connections
  std::string what;     ///< "text "hello" (5 bytes)"
};

/// What happened, in order. A frame, head or end that passed the link unchanged is one entry, at the time at
/// which its sender sent it; one that did not arrive, or that the link made up, says so.
std::vector<TimelineEntry> timeline(const record::Events& events);

/// The instant from which a case's times are counted.
struct Origin {
  std::int64_t at = 0;
  bool fault = false;  ///< a fault fired there; else it is the start
};

/// The origins of one log.
class Origins {
 public:
  explicit Origins(const record::Events& events);
  /// The first firing of a fault on that connection (0: on any), else the first at all, else the readiness of
  /// all parties, else the log's start.
  Origin of(int connection = 0) const;

 private:
  std::unordered_map<int, std::int64_t> fired_on_;
  Origin any_;
};

/// Lines to print, indented by two, each ending in a newline. All entries if they are few; else those around
/// the origin and around `at` (none: the end), with "…" where some are left out.
std::string print_timeline(const std::vector<TimelineEntry>& entries, Origin origin,
                           std::optional<std::int64_t> at);

}  // namespace wsfault::report
