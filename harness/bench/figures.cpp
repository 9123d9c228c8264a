// What all printed forms of a benchmark's figures share.
#include "bench/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/text.hpp"

namespace wsfault::bench {
namespace {

constexpr std::int64_t error_bound = Duration(std::chrono::milliseconds(1)).count();
constexpr double thread_bound = 0.9;
constexpr double machine_bound = 0.95;
/// If the last value is this many times the 99th percentile, the axis does not extend to it.
constexpr std::int64_t far_out = 2;
constexpr std::int64_t marks_wanted = 6;

std::vector<std::int64_t> of_rounds(const Figures& figures, const auto& value) {
  std::vector<std::int64_t> all;
  for (const Round& round : figures.measured) all.push_back(value(round));
  return all;
}

/// 1, 2 or 5 times a power of ten, not less than `least`.
std::int64_t round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(std::max(least, 1.0))));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return std::llround(factor * power);
  }
  return std::llround(10 * power);
}

}  // namespace

int Figures::not_begun() const {
  const auto counted = std::ranges::count_if(missed, [](const Missed& each) { return each.number > 0; });
  return rounds - static_cast<int>(measured.size()) - static_cast<int>(counted);
}

std::vector<std::int64_t> since_fault(const Figures& figures, Phase phase) {
  return of_rounds(figures, [phase](const Round& round) { return round.since_fault(phase); });
}

std::vector<std::int64_t> steps(const Figures& figures, Phase phase) {
  return of_rounds(figures, [phase](const Round& round) { return round.step(phase); });
}

std::vector<std::int64_t> faults_late(const Figures& figures) {
  std::vector<std::int64_t> all;
  for (const Round& round : figures.measured) {
    if (round.fault_late) all.push_back(*round.fault_late);
  }
  return all;
}

const std::vector<Count>& counts() {
  static const std::vector<Count> all = {
      {"attempts", "attempts", [](const Round& round) -> std::int64_t { return round.attempts; }},
      {"lost_to_client", "lost to the client", [](const Round& round) { return round.lost.to_client; }},
      {"lost_to_server", "lost to the server", [](const Round& round) { return round.lost.to_server; }},
      {"duplicated_to_client", "twice to the client",
       [](const Round& round) { return round.duplicated.to_client; }},
      {"duplicated_to_server", "twice to the server",
       [](const Round& round) { return round.duplicated.to_server; }},
  };
  return all;
}

std::vector<std::int64_t> values(const Figures& figures, const Count& count) {
  return of_rounds(figures, count.of);
}

std::vector<std::string> limits(const Figures& figures) {
  std::vector<std::string> all;
  const ProcessorUse& use = figures.use;
  if (use.own > thread_bound)
    all.push_back(fmt::format("the harness's one thread was busy for {:.0f}% of the time", 100 * use.own));
  if (use.machine > machine_bound) {
    all.push_back(fmt::format("the {} processors were busy for {:.0f}% of the time", use.processors,
                              100 * use.machine));
  }
  const auto timers = summarise(figures.timers_late);
  if (timers && timers->p99 > error_bound)
    all.push_back(
        fmt::format("its timers were late by {} at p99", time_text(static_cast<double>(timers->p99))));
  const auto faults = summarise(faults_late(figures));
  if (faults && faults->p99 > error_bound)
    all.push_back(
        fmt::format("its faults were late by {} at p99", time_text(static_cast<double>(faults->p99))));
  return all;
}

Axis axis_of(const Figures& figures) {
  const auto noticed = summarise(since_fault(figures, Phase::noticed));
  const auto last = summarise(since_fault(figures, Phase::first_message));
  if (!noticed || !last) return {};
  const std::int64_t end = last->max > far_out * last->p99 ? last->p99 : last->max;
  const std::int64_t begin = noticed->min > end / 2 ? noticed->min : 0;
  const std::int64_t step = round_step(static_cast<double>(end - begin) / static_cast<double>(marks_wanted));
  const std::int64_t low = begin / step * step;
  const std::int64_t marks = std::max<std::int64_t>(1, (end - low + step - 1) / step);
  return {low, low + marks * step, step};
}

std::string mark_text(const Axis& axis, std::int64_t value) {
  constexpr std::int64_t second = Duration(std::chrono::seconds(1)).count();
  const bool in_seconds = axis.step >= second || axis.high > 10 * second;
  return in_seconds ? fmt::format("{:g}s", static_cast<double>(value) / 1e9)
                    : fmt::format("{:g}ms", static_cast<double>(value) / 1e6);
}

}  // namespace wsfault::bench
