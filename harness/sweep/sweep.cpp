#include "sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
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

/// All points with what they come to.
class Points {
 public:
  Points(const Plan& plan, const scenario::LoadedCase& loaded, std::size_t fault,
         const std::vector<Lane>& lanes)
      : plan_(plan), loaded_(loaded), fault_(fault) {
    for (const Lane& lane : lanes) {
      for (const Point& point : lane.points)
        points_.push_back({.moment = point.moment, .name = to_string(point)});
    }
  }

  /// Several points for each process. Neighbours go to different ones: else a client would meet nothing but
  /// failed handshakes, with ever longer delays.
  report::RunSummary run_shared(const runner::RunSetting& setting, const runner::ScheduleOptions& options,
                                runner::ScheduleWatcher watcher) {
    const std::size_t count = (points_.size() + plan_.share - 1) / plan_.share;
    std::vector<std::vector<std::size_t>> groups(count);
    for (std::size_t i = 0; i < points_.size(); ++i) groups[i % count].push_back(i);
    std::deque<scenario::LoadedCase> cases;
    std::vector<runner::CaseOrder> orders;
    for (const auto& group : groups) {
      std::vector<fault::Moment> moments;
      for (const std::size_t index : group) moments.push_back(points_[index].moment);
      const scenario::LoadedCase& struck = cases.emplace_back(at_moments(loaded_, moments));
      orders.push_back(order(struck, fmt::format("{} points", group.size()), orders.size() + 1));
    }
    watcher.finished = [&](report::CaseResult& result) {
      if (result.outcome != Outcome::passed) return;
      int connection = 0;
      for (const std::size_t index : groups[result.position - 1])
        keep(points_[index], result, see_passed(result, ++connection));
    };
    return runner::run_cases(setting, orders, options, watcher);
  }

  /// A process for each point that has not been decided yet.
  report::RunSummary run_alone(const runner::RunSetting& setting, const runner::ScheduleOptions& options,
                               runner::ScheduleWatcher watcher) {
    std::deque<scenario::LoadedCase> cases;
    std::vector<runner::CaseOrder> orders;
    std::vector<One*> ones;
    for (One& one : points_) {
      if (one.result) continue;
      ones.push_back(&one);
      const scenario::LoadedCase& struck = cases.emplace_back(at_moment(loaded_, fault_, one.moment));
      orders.push_back(order(struck, one.name, orders.size() + 1));
    }
    const auto print = watcher.finished;
    watcher.finished = [&](report::CaseResult& result) {
      const std::size_t index = result.position - 1;
      const Seen seen = see(result, cases[index], fault_);
      result.outcome = seen.outcome;
      if (seen.outcome == Outcome::skipped) result.reason = seen.end;
      result.repeat = plan_.repeat(ones[index]->name);
      if (print) print(result);
      ones[index]->seen = seen;
    };
    report::RunSummary summary = runner::run_cases(setting, orders, options, watcher);
    for (report::CaseResult& result : summary.cases) {
      One& one = *ones[result.position - 1];
      one.result = std::move(result);
    }
    return summary;
  }

  std::size_t done() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(points_, [](const One& one) { return one.result.has_value(); }));
  }
  const Seen& seen(std::size_t index) const { return points_[index].seen; }
  /// Of a point that was run: its result is taken away.
  std::optional<report::CaseResult> take_result(std::size_t index) {
    return std::move(points_[index].result);
  }

 private:
  struct One {
    fault::Moment moment;
    std::string name;
    Seen seen{.outcome = Outcome::interrupted, .end = "not run", .cause = {}};
    std::optional<report::CaseResult> result = {};  ///< none: not run yet
  };

  runner::CaseOrder order(const scenario::LoadedCase& struck, const std::string& name,
                          std::size_t position) const {
    return {.loaded = &struck,
            .id = fmt::format("{}#{}", loaded_.scenario.id, name),
            .seed = plan_.seed,
            .repeat = {},
            .position = position};
  }

  /// What a process came to, as the result of one of its points.
  void keep(One& one, const report::CaseResult& result, Seen seen) const {
    one.seen = std::move(seen);
    report::CaseResult& own = one.result.emplace();
    own.title = result.title;
    own.file = result.file;
    own.role = result.role;
    own.system = result.system;
    own.spec = result.spec;
    own.outcome = result.outcome;
    own.duration = result.duration;
    own.seed = result.seed;
    own.repeat = plan_.repeat(one.name);
  }

  const Plan& plan_;
  const scenario::LoadedCase& loaded_;
  std::size_t fault_;
  std::vector<One> points_;
};

/// A lane with what its points came to, without those that were not run. The results of the first points of
/// its ranges become those of the sweep.
SweptLane sweep_lane(const Lane& lane, std::size_t first, const std::string& id, Points& points,
                     Sweep& sweep) {
  SweptLane swept{.lane = lane, .seen = {}, .ranges = {}};
  swept.lane.points.clear();
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < lane.points.size(); ++i) {
    if (points.seen(first + i).outcome == Outcome::interrupted) continue;
    swept.lane.points.push_back(lane.points[i]);
    swept.seen.push_back(points.seen(first + i));
    indices.push_back(first + i);
  }
  swept.ranges = ranges_of(swept.seen);
  for (const Range& range : swept.ranges) {
    auto result = points.take_result(indices[range.first]);
    if (!result) continue;
    report::CaseResult& kept = sweep.ranges.cases.emplace_back(*std::move(result));
    kept.id = fmt::format("{}#{}", id, range_name(swept.lane, range));
    kept.position = sweep.ranges.cases.size();
  }
  sweep.points += swept.seen.size();
  return swept;
}

/// With the time that is left, by the time that the cases so far have taken.
runner::ScheduleWatcher with_time_left(runner::ScheduleWatcher watcher) {
  if (!watcher.progress) return watcher;
  watcher.progress = [show = watcher.progress, begin = Clock::now()](report::Progress progress) {
    if (progress.done > 0)
      progress.left = (Clock::now() - begin) / progress.done * (progress.total - progress.done);
    show(progress);
  };
  return watcher;
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
    const Session session = read_session(sweep.recording->events, link_of(loaded, fault),
                                         connection_of(loaded, fault), loaded.judged.faults[fault].of);
    lanes = plan_points(session, plan.over, plan.direction, plan.most);
  }
  Points points(plan, loaded, fault, lanes);
  if (plan.share > 1 && !lanes.empty())
    sweep.ranges = points.run_shared(setting, options, with_time_left(watcher));
  sweep.shared = points.done();
  if (!sweep.ranges.interrupted) sweep.ranges = points.run_alone(setting, options, with_time_left(watcher));
  sweep.ranges.wall = Clock::now() - begin;
  sweep.ranges.cases.clear();
  std::size_t first = 0;
  for (const Lane& lane : lanes) {
    sweep.lanes.push_back(sweep_lane(lane, first, loaded.scenario.id, points, sweep));
    first += lane.points.size();
  }
  return sweep;
}

}  // namespace wsfault::sweep
