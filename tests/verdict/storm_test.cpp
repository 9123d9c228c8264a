// A storm: more than 10 attempts in any second, or 10 in a row each within 200 ms of the one before.
#include "verdict/storm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace wsfault::verdict {
namespace {

constexpr std::int64_t ms = 1'000'000;

std::vector<std::int64_t> every(int milliseconds, int times) {
  std::vector<std::int64_t> attempts;
  for (int i = 0; i < times; ++i) attempts.push_back(i * milliseconds * ms);
  return attempts;
}

model::Backoff backoff_to(Duration max) {
  model::Backoff backoff;
  backoff.max = max;
  return backoff;
}

TEST(Storm, IsMoreThanTenInASecond) {
  EXPECT_FALSE(find_storm(every(10, 10), {}));
  const auto storm = find_storm(every(10, 11), {});
  ASSERT_TRUE(storm);
  EXPECT_EQ(storm->attempt, 10u);
  EXPECT_EQ(storm->text, "11 attempts in 100ms");
}

TEST(Storm, IsTenInARowWithoutAPause) {
  EXPECT_TRUE(find_storm(every(200, 11), {}));
  EXPECT_FALSE(find_storm(every(201, 40), {}));
  EXPECT_FALSE(find_storm(every(200, 10), {})) << "nine came soon after the one before";
}

TEST(Storm, APauseBeginsTheRowAnew) {
  std::vector<std::int64_t> attempts = every(150, 8);
  for (int i = 0; i < 8; ++i) attempts.push_back(attempts[7] + (1000 + i * 150) * ms);
  EXPECT_FALSE(find_storm(attempts, {}));
}

TEST(Storm, AShortMaximumIsMeantSo) {
  EXPECT_FALSE(find_storm(every(150, 40), backoff_to(std::chrono::milliseconds(150))));
  EXPECT_TRUE(find_storm(every(150, 40), backoff_to(std::chrono::milliseconds(200))));
  EXPECT_TRUE(find_storm(every(50, 40), backoff_to(std::chrono::milliseconds(50))))
      << "but not ten in a second";
}

TEST(Storm, OfAFleetIsAsManyTimesAsMuch) {
  constexpr std::size_t fleet = 40;
  EXPECT_FALSE(find_storm(every(1, 40), {}, fleet)) << "all start at once";
  EXPECT_FALSE(find_storm(every(1, 439), {}, fleet)) << "each came back ten times";
  EXPECT_TRUE(find_storm(every(1, 440), {}, fleet));
  EXPECT_FALSE(find_storm(every(150, 200), {}, fleet)) << "five in a row each";
  EXPECT_TRUE(find_storm(every(150, 500), {}, fleet));
}

TEST(Storm, IsNeverFoundInARightSchedule) {
  std::mt19937_64 random(7);
  int storms = 0;
  for (int run = 0; run < 2000; ++run) {
    std::vector<std::int64_t> attempts = {0};
    for (int i = 0; i < 30; ++i) {
      const double cap = std::min(1600.0, 50 * std::pow(2.0, i));
      const double delay = std::uniform_real_distribution<>(0, cap)(random);
      attempts.push_back(attempts.back() + static_cast<std::int64_t>(delay * ms));
    }
    storms += find_storm(attempts, backoff_to(std::chrono::milliseconds(1600))) ? 1 : 0;
  }
  EXPECT_LE(storms, 1);
}

}  // namespace
}  // namespace wsfault::verdict
