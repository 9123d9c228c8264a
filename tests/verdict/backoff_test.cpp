// Backoff statistics: what a right schedule looks like is never refuted, what a wrong one looks like is.
#include "verdict/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace wsfault::verdict {
namespace {

using std::chrono::milliseconds;

constexpr double first = 50;
constexpr double max = 1600;

double cap_of(int attempt) { return std::min(max, first * std::pow(2.0, attempt)); }

model::Backoff schedule(std::string jitter = "full") {
  model::Backoff backoff;
  backoff.first = milliseconds(50);
  backoff.factor = 2;
  backoff.max = milliseconds(1600);
  backoff.jitter = std::move(jitter);
  return backoff;
}

std::vector<Duration> delays_of(std::vector<int> in_ms) {
  std::vector<Duration> delays;
  for (const int each : in_ms) delays.push_back(milliseconds(each));
  return delays;
}

BackoffFit fit(std::vector<int> in_ms, const model::Backoff& backoff) {
  return judge_backoff(delays_of(std::move(in_ms)), backoff).fit;
}

/// Draws the delay of an attempt, in milliseconds.
using Draw = std::function<double(std::mt19937_64&, int attempt)>;

double uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<>(low, high)(random);
}

struct Shares {
  double fits = 0;
  double contradicts = 0;
  double too_few = 0;
};

/// How the delays of `runs` clients are judged; each comes up to 30 ms late.
Shares simulate(const Draw& draw, int attempts, int runs, const model::Backoff& backoff) {
  std::mt19937_64 random(20240607);
  int counts[3] = {};
  for (int run = 0; run < runs; ++run) {
    std::vector<Duration> delays;
    for (int i = 0; i < attempts; ++i) {
      const double delay = draw(random, i) + uniform(random, 0, 30);
      delays.push_back(Duration(static_cast<std::int64_t>(delay * 1e6)));
    }
    ++counts[static_cast<int>(judge_backoff(delays, backoff).fit)];
  }
  const auto share = [&](BackoffFit which) {
    return counts[static_cast<int>(which)] / static_cast<double>(runs);
  };
  return {share(BackoffFit::fits), share(BackoffFit::contradicts), share(BackoffFit::too_few)};
}

const Draw full_jitter = [](auto& random, int attempt) { return uniform(random, 0, cap_of(attempt)); };
const Draw equal_jitter = [](auto& random, int attempt) {
  return uniform(random, cap_of(attempt) / 2, cap_of(attempt));
};
const Draw no_jitter = [](auto&, int attempt) { return cap_of(attempt); };
const Draw constant = [](auto& random, int) { return uniform(random, 0, first); };
const Draw reset_after_three = [](auto& random, int attempt) {
  return uniform(random, 0, cap_of(attempt % 2));
};

// --- simulated clients

TEST(BackoffSimulated, ARightScheduleIsNotRefuted) {
  for (const int attempts : {8, 9, 10, 11, 12}) {
    const Shares shares = simulate(full_jitter, attempts, 20000, schedule());
    EXPECT_LT(shares.contradicts, 0.0001) << attempts;
    EXPECT_GT(shares.fits, 0.995) << attempts;
  }
}

TEST(BackoffSimulated, TheOtherJittersAreNotRefutedEither) {
  EXPECT_LT(simulate(equal_jitter, 9, 5000, schedule("equal")).contradicts, 0.0005);
  EXPECT_EQ(simulate(no_jitter, 8, 2000, schedule("none")).contradicts, 0);
}

TEST(BackoffSimulated, DelaysThatNeverGrowAreRefutedFromEightAttemptsOn) {
  EXPECT_GT(simulate(constant, 9, 5000, schedule()).contradicts, 0.97);
  EXPECT_GT(simulate(constant, 8, 5000, schedule()).contradicts, 0.97);
  EXPECT_LT(simulate(constant, 5, 5000, schedule()).contradicts, 0.97) << "five do not tell";
  EXPECT_EQ(simulate(constant, 5, 5000, schedule()).fits, 0) << "and are not said to fit";
}

TEST(BackoffSimulated, DelaysThatNeverGrowDoNotFitOnABusyMachineEither) {
  const Draw late = [](auto& random, int) { return uniform(random, 0, first) + uniform(random, 0, 200); };
  for (const int attempts : {8, 10, 12}) EXPECT_EQ(simulate(late, attempts, 5000, schedule()).fits, 0);
}

TEST(BackoffSimulated, AScheduleThatBeginsAnewIsRefuted) {
  EXPECT_GT(simulate(reset_after_three, 10, 5000, schedule()).contradicts, 0.97);
}

TEST(BackoffSimulated, NoJitterIsRefutedFromEightAttemptsOn) {
  EXPECT_GT(simulate(no_jitter, 8, 5000, schedule()).contradicts, 0.97);
  EXPECT_GT(simulate(no_jitter, 9, 5000, schedule()).contradicts, 0.97);
  EXPECT_EQ(simulate(no_jitter, 5, 5000, schedule()).fits, 0);
}

TEST(BackoffSimulated, OnePatternIsNoJitterEither) {
  const Draw pattern = [](auto&, int attempt) { return 0.6 * cap_of(attempt); };
  EXPECT_GT(simulate(pattern, 12, 5000, schedule()).contradicts, 0.97);
}

TEST(BackoffSimulated, WithoutAScheduleGrowthAloneIsJudged) {
  model::Backoff unknown;
  EXPECT_GT(simulate(constant, 12, 5000, unknown).contradicts, 0.5);
  const Draw fourfold = [](auto& random, int attempt) {
    return uniform(random, 0, 20 * std::pow(4.0, attempt));
  };
  EXPECT_LT(simulate(fourfold, 8, 5000, unknown).contradicts, 0.0005);
  EXPECT_LT(simulate(full_jitter, 8, 5000, unknown).contradicts, 0.0005);
}

// --- literal delays

TEST(Backoff, ADelayAboveItsCapIsRefutedOnlyBeyondWhatALoadedMachineAdds) {
  EXPECT_EQ(fit({304, 80, 150, 300, 500, 900, 1500, 1100}, schedule()), BackoffFit::fits)
      << "50 ms and 250 ms late";
  const BackoffVerdict verdict = judge_backoff(delays_of({310, 80, 150}), schedule());
  EXPECT_EQ(verdict.fit, BackoffFit::contradicts);
  EXPECT_EQ(verdict.text, "delay 1 is 310ms, above its cap of 50ms (delays: 310ms, 80ms, 150ms)");
  EXPECT_TRUE(verdict.too_long);
}

TEST(Backoff, NoneMeansTheCapItself) {
  EXPECT_EQ(fit({50, 110, 205, 400, 810}, schedule("none")), BackoffFit::fits);
  EXPECT_EQ(fit({50, 60}, schedule("none")), BackoffFit::contradicts);
  EXPECT_EQ(fit({50}, schedule("none")), BackoffFit::too_few);
}

TEST(Backoff, EqualMeansTheUpperHalf) {
  EXPECT_EQ(fit({40, 60, 190, 210, 700, 1000}, schedule("equal")), BackoffFit::fits);
  EXPECT_EQ(fit({40, 60, 90, 210, 700, 1000}, schedule("equal")), BackoffFit::contradicts);
  EXPECT_EQ(fit({40, 60}, schedule("equal")), BackoffFit::too_few);
}

TEST(Backoff, JitterThatIsNotStatedIsNotJudged) {
  model::Backoff backoff = schedule();
  backoff.jitter.reset();
  EXPECT_EQ(fit({50, 100, 200, 400, 800, 1600, 1600, 1600}, backoff), BackoffFit::fits);
  EXPECT_EQ(fit({10, 40, 150, 90, 700, 300, 1200, 900}, backoff), BackoffFit::fits);
  EXPECT_EQ(fit({10, 40, 15, 30, 20, 45, 12, 33}, backoff), BackoffFit::contradicts);
}

TEST(Backoff, TooFewIsNeitherRightNorWrong) {
  EXPECT_EQ(judge_backoff({}, schedule()).fit, BackoffFit::too_few);
  EXPECT_EQ(fit({20}, schedule()), BackoffFit::too_few);
  EXPECT_EQ(fit({20, 60, 100}, schedule()), BackoffFit::too_few);
}

TEST(Backoff, TooShortSaysHowUnlikely) {
  const BackoffVerdict verdict = judge_backoff(delays_of({10, 10, 10, 10, 10, 10, 10, 10}), schedule());
  EXPECT_EQ(verdict.fit, BackoffFit::contradicts);
  EXPECT_EQ(
      verdict.text,
      "the delays do not grow as they should: a chance of less than 1 in 1,000,000,000 under the schedule "
      "(delays: 10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 10ms)");
}

}  // namespace
}  // namespace wsfault::verdict
