#include "sweep/sweep.hpp"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <utility>

#include "sweep/seen.hpp"
#include "sweep/session.hpp"
#include "sweep/struck.hpp"

namespace wsfault::sweep {
namespace {

using verdict::Outcome;
using Clock = std::chrono::steady_clock;

report::CaseResult record_session(const Plan& plan, const scenario::LoadedCase& calm,
                                  runner::RunSetting setting) {
  setting.settling = plan.session;
  setting.keeps_passed_logs = true;
  const std::vector<runner::CaseOrder> orders{
      {.loaded = &calm, .id = calm.scenario.id + ", undisturbed", .seed = plan.seed, .repeat = {}}};
  report::RunSummary summary = runner::run_cases(setting, orders, {.gives_up = false}, {});
  if (!summary.cases.empty()) return std::move(summary.cases.front());
  report::CaseResult none;
  none.id = orders.front().id;
  none.outcome = Outcome::interrupted;
  return none;
}

/// Single points, each a lane of its own.
std::vector<Lane> lanes_of(const std::vector<Point>& points) {
  std::vector<Lane> lanes;
  for (const Point& point : points) lanes.push_back({.over = Over::moments, .size = 1, .points = {point}});
  return lanes;
}

/// The cases of all points, and what they come to.
class Points {
 public:
  Points(const Plan& plan, const scenario::LoadedCase& loaded, std::size_t fault,
         const std::vector<Lane>& lanes)
      : fault_(fault) {
    for (const Lane& lane : lanes) {
      for (const Point& point : lane.points) {
        const std::string name = to_string(point);
        const scenario::LoadedCase& struck = cases_.emplace_back(at_moment(loaded, fault, point.moment));
        orders_.push_back({.loaded = &struck,
                           .id = fmt::format("{}#{}", loaded.scenario.id, name),
                           .seed = plan.seed,
                           .repeat = plan.repeat(name),
                           .position = orders_.size() + 1});
      }
    }
  }

  const std::vector<runner::CaseOrder>& orders() const { return orders_; }

  /// Called while the result still has its whole log.
  void note(report::CaseResult& result) {
    const Seen seen = see(result, cases_[result.position - 1], fault_);
    result.outcome = seen.outcome;
    if (seen.outcome == Outcome::skipped) result.reason = seen.end;
    seen_.insert_or_assign(result.position, seen);
  }

  /// Of the order at this index; one that has not ended is interrupted.
  Seen seen(std::size_t index) const {
    const auto found = seen_.find(index + 1);
    return found == seen_.end() ? Seen{.outcome = Outcome::interrupted, .end = "not run", .cause = {}}
                                : found->second;
  }

 private:
  std::size_t fault_;
  std::deque<scenario::LoadedCase> cases_;
  std::vector<runner::CaseOrder> orders_;
  std::map<std::size_t, Seen> seen_;  // by position
};

/// The results of the first points of all ranges, named after these.
void keep_ranges(Sweep& sweep, const std::string& id, std::vector<report::CaseResult> results) {
  std::map<std::size_t, report::CaseResult*> by_position;
  for (report::CaseResult& result : results) by_position.emplace(result.position, &result);
  std::size_t before = 0;
  for (const SweptLane& swept : sweep.lanes) {
    for (const Range& range : swept.ranges) {
      const auto first = by_position.find(before + range.first + 1);
      if (first == by_position.end()) continue;
      report::CaseResult& result = sweep.ranges.cases.emplace_back(std::move(*first->second));
      result.id = fmt::format("{}#{}", id, range_name(swept.lane, range));
      result.position = sweep.ranges.cases.size();
    }
    before += swept.lane.points.size();
  }
}

}  // namespace

std::string range_name(const Lane& lane, const Range& range) {
  const Point& first = lane.points[range.first];
  if (range.points() == 1) return to_string(first);
  const Point& last = lane.points[range.last];
  if (!lane.from) return fmt::format("{} - {}", to_string(first), to_string(last));
  return fmt::format("{} {}-{} to {}", to_string(lane.over), first.moment.number, last.moment.number,
                     wire::to_string(wire::opposite(*lane.from)));
}

Sweep run_sweep(const Plan& plan, const scenario::LoadedCase& loaded, std::size_t fault,
                const runner::RunSetting& setting, const runner::ScheduleOptions& options,
                const runner::ScheduleWatcher& watcher) {
  Sweep sweep;
  std::vector<Lane> lanes = lanes_of(plan.points);
  const auto begin = Clock::now();
  if (plan.points.empty()) {
    sweep.recording = record_session(plan, undisturbed(loaded, fault), setting);
    const bool is_whole =
        sweep.recording->outcome == Outcome::passed || sweep.recording->outcome == Outcome::warned;
    if (!is_whole) return sweep;
    const Session session =
        read_session(sweep.recording->events, link_of(loaded, fault), connection_of(loaded, fault));
    lanes = plan_points(session, plan.over, plan.direction, plan.most);
  }
  Points points(plan, loaded, fault, lanes);
  runner::ScheduleWatcher noting = watcher;
  noting.finished = [&](report::CaseResult& result) {
    points.note(result);
    if (watcher.finished) watcher.finished(result);
  };
  noting.progress = [&](report::Progress progress) {
    if (!watcher.progress) return;
    if (progress.done > 0)
      progress.left = (Clock::now() - begin) / progress.done * (progress.total - progress.done);
    watcher.progress(progress);
  };
  if (!watcher.progress) noting.progress = nullptr;
  sweep.ranges = runner::run_cases(setting, points.orders(), options, noting);
  sweep.ranges.wall = Clock::now() - begin;
  std::vector<report::CaseResult> results = std::exchange(sweep.ranges.cases, {});
  sweep.points = results.size();
  std::size_t index = 0;
  for (Lane& lane : lanes) {
    SweptLane swept{.lane = std::move(lane), .seen = {}, .ranges = {}};
    for (std::size_t i = 0; i < swept.lane.points.size(); ++i) swept.seen.push_back(points.seen(index++));
    swept.ranges = ranges_of(swept.seen);
    sweep.lanes.push_back(std::move(swept));
  }
  keep_ranges(sweep, loaded.scenario.id, std::move(results));
  return sweep;
}

}  // namespace wsfault::sweep
