// Orders for all rounds, and the figures from their logs.
#include "bench/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <any>
#include <deque>
#include <random>

#include "bench/processor_time.hpp"
#include "fault/shared_attributes.hpp"

namespace wsfault::bench {
namespace {

constexpr std::size_t last_lines = 5;

/// The same case with its fault a little later, so that it strikes at any point of the client's own timing.
scenario::LoadedCase delayed(scenario::LoadedCase round, Duration by) {
  round.scenario.faults.front().after += by;
  round.judged.faults.front().after += by;
  return round;
}

/// The cases that the orders refer to, and the orders in sequence: warm-up first.
struct Orders {
  std::deque<scenario::LoadedCase> cases;
  std::vector<runner::CaseOrder> orders;
};

Orders make_orders(const Plan& plan, const scenario::LoadedCase& round, std::uint64_t seed) {
  Orders made;
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<std::int64_t> later(0, plan.spread.count());
  for (int i = 1; i <= plan.warmup + plan.rounds; ++i) {
    if (made.cases.empty() || plan.spread > Duration(0))
      made.cases.push_back(delayed(round, Duration(later(random))));
    const int number = i - plan.warmup;
    made.orders.push_back({.loaded = &made.cases.back(),
                           .id = number > 0 ? fmt::format("round {}", number) : fmt::format("warm-up {}", i),
                           .seed = seed + static_cast<std::uint64_t>(i),
                           .repeat = {},
                           .round = i,
                           .position = static_cast<std::size_t>(i)});
  }
  return made;
}

/// Takes each round's log as it ends.
class Collector {
 public:
  Collector(const Plan& plan, const Orders& orders, Figures& figures)
      : plan_(plan), orders_(orders), figures_(figures) {}

  void take(const report::CaseResult& result) {
    const runner::CaseOrder* order = &orders_.orders.at(result.position - 1);
    const int number = order->round - plan_.warmup;
    if (result.outcome == verdict::Outcome::error) {
      figures_.broken = true;
      figures_.missed.push_back({std::max(number, 0), result.reason, tail(result.output)});
      return;
    }
    Round round = read_round(result.events, order->loaded->judged.faults.front());
    round.number = number;
    if (!round.missing.empty()) {
      const std::string why = fmt::format("{}, within {}", round.missing, format_duration(plan_.within));
      figures_.missed.push_back({std::max(number, 0), why, tail(result.output)});
    } else if (number > 0) {
      figures_.measured.push_back(std::move(round));
    }
  }

 private:
  static std::vector<std::string> tail(const std::vector<record::OutputLine>& lines) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(lines.size(), last_lines));
    std::vector<std::string> last;
    for (auto line = lines.end() - count; line != lines.end(); ++line) last.push_back(line->line);
    return last;
  }

  const Plan& plan_;
  const Orders& orders_;
  Figures& figures_;
};

}  // namespace

Figures measure(const Plan& plan, const scenario::LoadedCase& round, runner::RunSetting setting,
                runner::ScheduleWatcher watcher, std::uint64_t seed) {
  Figures figures;
  figures.client = round.judged.system.name;
  const fault::FaultSpec& struck = round.judged.faults.front();
  figures.fault = struck.inject;
  figures.with = plan.with;
  figures.when = fault::to_string(struck.when);
  figures.after = struck.after;
  const auto* restart = std::any_cast<fault::Restart>(&struck.attributes);
  figures.down = restart != nullptr ? restart->down : plan.down.value_or(Duration(0));
  figures.spread = plan.spread;
  figures.within = plan.within;
  figures.rounds = plan.rounds;
  figures.warmup = plan.warmup;
  figures.parallel = plan.parallel;
  figures.seed = seed;

  const Orders orders = make_orders(plan, round, seed);
  Collector collector(plan, orders, figures);
  watcher.finished = [&](const report::CaseResult& result) { collector.take(result); };
  watcher.late = [&](Duration late) { figures.timers_late.push_back(late.count()); };
  setting.measuring = runner::Measuring{is_over, plan.within};
  const ProcessorTime begin = processor_time();
  const report::RunSummary summary =
      runner::run_cases(setting, orders.orders, {.jobs = plan.parallel, .fail_fast = true}, watcher);
  figures.wall = summary.wall;
  figures.use = use_between(begin, processor_time(), std::chrono::duration<double>(summary.wall).count());
  figures.interrupted = summary.interrupted;
  std::ranges::sort(figures.measured, {}, &Round::number);
  std::ranges::sort(figures.missed, {}, &Missed::number);
  return figures;
}

}  // namespace wsfault::bench
