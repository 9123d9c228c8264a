// The schedule of delays: RFC 6455 7.2.3 asks for randomised delays that grow.
#include "reference/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace wsfault::reference {
namespace {

using std::chrono::milliseconds;

constexpr BackoffSchedule usual{milliseconds(50), 2, milliseconds(1600), Jitter::full};

std::vector<Duration> caps(Backoff backoff, int count) {
  Random random(1);
  std::vector<Duration> found;
  for (int i = 0; i < count; ++i) {
    found.push_back(backoff.cap());
    backoff.next(random);
  }
  return found;
}

TEST(Backoff, CapsDoubleUpToTheLargest) {
  const std::vector<Duration> expected{milliseconds(50),  milliseconds(100), milliseconds(200),
                                       milliseconds(400), milliseconds(800), milliseconds(1600),
                                       milliseconds(1600)};
  EXPECT_EQ(caps(Backoff(usual), 7), expected);
}

TEST(Backoff, CapsNeverOverflow) {
  const BackoffSchedule steep{std::chrono::hours(1), 1000, longest_duration, Jitter::none};
  EXPECT_EQ(caps(Backoff(steep), 500).back(), longest_duration);
}

TEST(Backoff, DelaysLieBetweenZeroAndTheCap) {
  Random random(7);
  Backoff backoff(usual);
  for (int i = 0; i < 1000; ++i) {
    const Duration cap = backoff.cap();
    const Duration delay = backoff.next(random);
    EXPECT_GE(delay, Duration::zero());
    EXPECT_LE(delay, cap);
  }
}

TEST(Backoff, FullJitterIsUniform) {
  Random random(42);
  Backoff backoff({milliseconds(100), 1, milliseconds(100), Jitter::full});
  std::array<int, 10> tenths{};
  constexpr int draws = 10000;
  for (int i = 0; i < draws; ++i) {
    ++tenths[static_cast<std::size_t>(std::min<Duration::rep>(9, backoff.next(random) / milliseconds(10)))];
  }
  double chi_squared = 0;
  for (const int count : tenths) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 27.9);  // 9 degrees of freedom, p = 0.001
}

TEST(Backoff, SameSeedSameDelays) {
  Random first_random(3);
  Random second_random(3);
  Backoff first(usual);
  Backoff second(usual);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(first.next(first_random), second.next(second_random));
}

TEST(Backoff, WithoutJitterTheDelayIsTheCap) {
  Random random(1);
  Backoff backoff({milliseconds(50), 2, milliseconds(1600), Jitter::none});
  EXPECT_EQ(backoff.next(random), milliseconds(50));
  EXPECT_EQ(backoff.next(random), milliseconds(100));
}

TEST(Backoff, AConnectionThatLivedNoTimeDoesNotResetIt) {
  Random random(1);
  Backoff backoff(usual);
  backoff.next(random);
  backoff.next(random);
  backoff.lived(milliseconds(199));
  EXPECT_EQ(backoff.cap(), milliseconds(200));
  EXPECT_EQ(backoff.attempts(), 2);
}

TEST(Backoff, AConnectionThatLivedForThePresentCapResetsIt) {
  Random random(1);
  Backoff backoff(usual);
  backoff.next(random);
  backoff.next(random);
  backoff.lived(milliseconds(200));
  EXPECT_EQ(backoff.cap(), milliseconds(50));
  EXPECT_EQ(backoff.attempts(), 0);
}

TEST(BackoffDefect, NoBackoffNeverGrows) {
  EXPECT_EQ(caps(Backoff(usual, Defects(Defect::no_backoff)), 10).back(), milliseconds(50));
}

TEST(BackoffDefect, NoJitterWaitsForTheCap) {
  Random random(1);
  Backoff backoff(usual, Defects(Defect::no_jitter));
  backoff.next(random);
  EXPECT_EQ(backoff.next(random), milliseconds(100));
}

TEST(BackoffDefect, ResetsOnOpen) {
  Random random(1);
  Backoff backoff(usual, Defects(Defect::backoff_resets_on_open));
  backoff.next(random);
  backoff.lived(Duration::zero());
  EXPECT_EQ(backoff.cap(), milliseconds(50));
}

TEST(BackoffDefect, Storms) {
  Random random(1);
  Backoff backoff(usual, Defects(Defect::storms));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(backoff.next(random), milliseconds(10));
}

}  // namespace
}  // namespace wsfault::reference
