// Do the delays between attempts follow a schedule of exponential backoff? Statistics over what was seen.
#include "verdict/backoff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "value/words.hpp"

namespace wsfault::verdict {
namespace {

constexpr double improbable = 1.0 / 100'000;
/// Timers fire late, by so much at most on a machine that is not overloaded. Milliseconds, as all figures
/// here.
constexpr double lateness = 50;
/// The end from which a delay counts is seen late, by so much: without this a delay of nothing, which a busy
/// machine makes of a short one, would be impossible.
constexpr double seen_late = 10;
/// How far above its cap a delay may lie on a machine that is overloaded.
double latest(double cap) { return 1.1 * cap + 250; }

double milliseconds(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

/// Between which limits each delay lies under the schedule.
struct Schedule {
  std::vector<double> floors;
  std::vector<double> caps;  ///< the least that the schedule allows: for what is too short or too regular
  std::vector<double> caps_high;  ///< the most that it allows
  bool whole = true;              ///< first, factor and max are all stated
  std::string jitter;             ///< empty: not stated
};

/// Without `first`: the smallest that has none of the delays above its cap, which is what speaks for them
/// most.
double smallest_first(std::span<const double> delays, double factor) {
  double first = 1;
  double growth = 1;
  for (const double delay : delays) {
    first = std::max(first, delay / growth);
    growth *= factor;
  }
  return first;
}

Schedule schedule_of(std::span<const double> delays, const model::Backoff& stated) {
  // Where they are left out: a slow growth, and a maximum that is worth the name.
  constexpr double slow_factor = 1.5;
  constexpr double least_growth = 8;
  const double factor = stated.factor.value_or(slow_factor);
  const double first = stated.first ? milliseconds(*stated.first) : smallest_first(delays, factor);
  const double longest = milliseconds(longest_duration);
  Schedule schedule;
  schedule.jitter = stated.jitter.value_or("");
  schedule.whole = stated.first && stated.factor && stated.max;
  const double max = stated.max ? milliseconds(*stated.max) : least_growth * first;
  const double max_high = stated.max ? max : longest;
  double uncapped = first;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const double cap = std::max(0.001, std::min(uncapped, max));
    schedule.caps.push_back(cap);
    const bool bounded = stated.first && stated.factor;
    schedule.caps_high.push_back(bounded ? std::min(uncapped, max_high) : max_high);
    schedule.floors.push_back(schedule.jitter == "equal" ? cap / 2 : schedule.jitter == "none" ? cap : 0);
    uncapped = std::min(uncapped * factor, longest);
  }
  return schedule;
}

/// The probability that uniform delays have a maximum so small: exact, and too high where timers are late.
double chance_of_maximum(std::span<const double> delays, const Schedule& schedule) {
  const double maximum = *std::ranges::max_element(delays);
  double chance = 1;
  for (const double cap : schedule.caps) chance *= std::min(1.0, maximum / cap);
  return chance;
}

/// Fisher's combined test: the probability that uniform delays are so short all together.
double chance_of_product(std::span<const double> delays, const Schedule& schedule) {
  double statistic = 0;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    statistic -= 2 * std::log(std::clamp((delays[i] + seen_late) / schedule.caps[i], 1e-9, 1.0));
  }
  const boost::math::chi_squared distribution(2.0 * static_cast<double>(delays.size()));
  return cdf(complement(distribution, statistic));
}

/// The probability that none of the delays lies further below its cap than the furthest does.
double chance_of_caps(std::span<const double> delays, const Schedule& schedule) {
  double shortfall = 0;
  for (std::size_t i = 0; i < delays.size(); ++i)
    shortfall = std::max(shortfall, schedule.caps[i] - delays[i]);
  double chance = 1;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    chance *= std::min(1.0, (shortfall + lateness) / (schedule.caps[i] - schedule.floors[i]));
  }
  return chance;
}

/// The probability that all delays are so nearly the same share of their caps as the last one is.
double chance_of_one_ratio(std::span<const double> delays, const Schedule& schedule) {
  const double ratio = delays.back() / schedule.caps.back();
  double spread = 0;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    spread = std::max(spread, std::abs(delays[i] - ratio * schedule.caps[i]));
  }
  double chance = 1;
  for (std::size_t i = 0; i + 1 < delays.size(); ++i) {
    chance *= std::min(1.0, 2 * (spread + lateness) / (schedule.caps[i] - schedule.floors[i]));
  }
  return chance;
}

std::string list_of(std::span<const Duration> delays) {
  std::string list;
  for (const Duration delay : delays) {
    if (!list.empty()) list += ", ";
    list += measured(delay);
  }
  return list;
}

std::string one_in(double chance) {
  if (chance < 1e-9) return "less than 1 in 1,000,000,000";
  return fmt::format("1 in {:.0f}", 1 / chance);
}

/// Would a schedule that never grows, and one without jitter, have been told from this one by these delays?
bool enough(std::span<const double> delays, const Schedule& schedule, double share) {
  if (schedule.jitter == "none") return schedule.caps.size() >= 2;
  const double first = schedule.caps.front();
  if (schedule.jitter == "equal") return schedule.caps.back() / 2 > first + lateness;
  // One delay must be longer than a busy machine makes of a first delay.
  if (schedule.caps.back() > latest(first) && std::ranges::max(delays) <= latest(first)) return false;
  double constant = 1;
  double regular = 1;
  for (const double cap : schedule.caps) {
    constant *= std::min(1.0, first / cap);
    regular *= std::min(1.0, lateness / cap);
  }
  const bool grows = schedule.caps.back() > 1.01 * first;
  return (!grows || constant < share) && (!schedule.whole || schedule.jitter.empty() || regular < share);
}

BackoffVerdict contradicts(std::span<const Duration> delays, std::string why) {
  return {BackoffFit::contradicts, fmt::format("{} (delays: {})", why, list_of(delays))};
}

std::string milliseconds_text(double milliseconds) {
  return measured(std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(milliseconds)));
}

std::optional<std::string> above_its_cap(std::span<const double> delays, const Schedule& schedule) {
  for (std::size_t i = 0; i < delays.size(); ++i) {
    if (delays[i] > latest(schedule.caps_high[i])) {
      return fmt::format("delay {} is {}, above its cap of {}", i + 1, milliseconds_text(delays[i]),
                         milliseconds_text(schedule.caps_high[i]));
    }
  }
  return std::nullopt;
}

std::optional<std::string> below_its_floor(std::span<const double> delays, const Schedule& schedule) {
  constexpr double early = 0.95;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    // Where `first` is an estimate there is no floor to stand on.
    if (schedule.whole && delays[i] < early * schedule.floors[i]) {
      return fmt::format("delay {} is {}, below the {} that jitter \"{}\" leaves", i + 1,
                         milliseconds_text(delays[i]), milliseconds_text(schedule.floors[i]),
                         schedule.jitter);
    }
  }
  return std::nullopt;
}

struct Test {
  double chance;
  std::string_view says;
  bool of_jitter = false;
};

std::vector<Test> tests_of(std::span<const double> delays, const Schedule& schedule) {
  std::vector<Test> tests;
  if (schedule.jitter == "none") return tests;
  if (schedule.jitter != "equal") {
    tests.push_back({chance_of_maximum(delays, schedule), "the delays do not grow as they should"});
    if (schedule.whole) tests.push_back({chance_of_product(delays, schedule), "the delays are too short"});
  }
  if (schedule.whole && !schedule.jitter.empty()) {
    tests.push_back(
        {chance_of_caps(delays, schedule), "there is no jitter: every delay is the longest possible", true});
    tests.push_back(
        {chance_of_one_ratio(delays, schedule), "there is no jitter: the delays are one pattern", true});
  }
  return tests;
}

}  // namespace

Duration longest_wait(Duration cap) {
  return std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(latest(milliseconds(cap))));
}

BackoffVerdict judge_backoff(std::span<const Duration> delays, const model::Backoff& stated) {
  if (delays.empty()) return {BackoffFit::too_few, "no further attempt came"};
  std::vector<double> seen;
  std::ranges::transform(delays, std::back_inserter(seen), milliseconds);
  const Schedule schedule = schedule_of(seen, stated);
  if (auto why = above_its_cap(seen, schedule)) {
    BackoffVerdict verdict = contradicts(delays, *why);
    verdict.too_long = true;
    return verdict;
  }
  if (auto why = below_its_floor(seen, schedule)) return contradicts(delays, *why);
  const std::vector<Test> tests = tests_of(seen, schedule);
  // Several tests of the same delays share the one probability of being wrong.
  const double share = improbable / static_cast<double>(std::max<std::size_t>(1, tests.size()));
  const auto worst = std::ranges::min_element(tests, {}, &Test::chance);
  if (worst != tests.end() && worst->chance < share) {
    BackoffVerdict verdict = contradicts(
        delays, fmt::format("{}: a chance of {} under the schedule", worst->says, one_in(worst->chance)));
    verdict.no_jitter = worst->of_jitter;
    return verdict;
  }
  if (!enough(seen, schedule, share)) {
    return {BackoffFit::too_few,
            fmt::format("{} too few to tell the schedule ({})",
                        counted(delays.size(), "delay is", "delays are"), list_of(delays))};
  }
  return {BackoffFit::fits, fmt::format("the delays follow the schedule ({})", list_of(delays))};
}

}  // namespace wsfault::verdict
