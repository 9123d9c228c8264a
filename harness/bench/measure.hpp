// Runs the rounds of a benchmark.
#pragma once

#include "bench/figures.hpp"
#include "bench/plan.hpp"
#include "runner/run_setting.hpp"
#include "runner/schedule.hpp"

namespace wsfault::bench {

/// Plays `round` as often as the plan says, each time with a new client, and measures it from its log. After
/// the first round that cannot be measured no more rounds begin. Progress goes to `watcher`.
Figures measure(const Plan& plan, const scenario::LoadedCase& round, runner::RunSetting setting,
                runner::ScheduleWatcher watcher, std::uint64_t seed);

}  // namespace wsfault::bench
