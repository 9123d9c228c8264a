// Records one session, and runs the scenario once for each point of it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "runner/schedule.hpp"
#include "sweep/points.hpp"
#include "sweep/ranges.hpp"

namespace wsfault::sweep {

/// More connections of one client in a row may look like a storm (docs/verdicts.md).
inline constexpr int most_shared = 8;

struct Plan {
  Over over = Over::bytes;
  fault::Direction direction = fault::Direction::both;
  std::size_t most = 2000;  ///< points
  Duration session =
      std::chrono::seconds(1);  ///< how long the recorded session lasts, once its scripts are over
  std::vector<Point> points{};  ///< only these, and nothing is recorded
  /// So many points one process of a client gets, one on each of its connections. Only passes count: what
  /// does not pass together is run again, each point with a process of its own.
  std::size_t share = 1;
  std::uint64_t seed = 0;
  /// The command that repeats one point.
  std::function<std::string(const std::string& point)> repeat;
};

/// A lane with what its points came to, in their order.
struct SweptLane {
  Lane lane;
  std::vector<Seen> seen;
  std::vector<Range> ranges;
};

struct Sweep {
  std::optional<report::CaseResult> recording;  ///< none: single points were asked for
  std::vector<SweptLane> lanes;
  /// One result for each range, that of its first point; its id names the range.
  report::RunSummary ranges;
  std::size_t points = 0;  ///< that were run, whatever they came to
  std::size_t shared = 0;  ///< of those: together with others, by one process
};

/// The name of a range of a lane: "bytes 1-128 to client", "byte 131 to client", "open".
std::string range_name(const Lane& lane, const Range& range);

/// `fault`: the index of the one that strikes at each point. An empty list of lanes: the recording failed, or
/// the session has no such point.
Sweep run_sweep(const Plan& plan, const scenario::LoadedCase& loaded, std::size_t fault,
                const runner::RunSetting& setting, const runner::ScheduleOptions& options,
                const runner::ScheduleWatcher& watcher);

}  // namespace wsfault::sweep
