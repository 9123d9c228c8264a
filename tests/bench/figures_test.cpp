// What all printed forms share: the axis, and when the harness limited the accuracy.
#include "bench/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/sample.hpp"

namespace wsfault::bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t millisecond = 1'000'000;

Figures with_ends(const std::vector<std::int64_t>& milliseconds, std::int64_t noticed) {
  Figures figures;
  for (const std::int64_t end : milliseconds) {
    Round round;
    round.after.fill(noticed * millisecond);
    round.after.back() = end * millisecond;
    figures.measured.push_back(round);
  }
  return figures;
}

TEST(Axis, GoesFromNoughtToARoundNumberBehindTheLast) {
  const Axis axis = axis_of(with_ends({12, 51}, 0));
  EXPECT_EQ(axis.low, 0);
  EXPECT_EQ(axis.high, 60 * millisecond);
  EXPECT_EQ(axis.step, 10 * millisecond);
}

TEST(Axis, BeginsWhereAllIsFarFromNought) {
  const Axis axis = axis_of(with_ends({1523, 1551}, 1498));
  EXPECT_EQ(axis.low, 1490 * millisecond);
  EXPECT_EQ(axis.high, 1560 * millisecond);
}

TEST(Axis, OneThatLiesFarOutDoesNotFlattenTheRest) {
  std::vector<std::int64_t> ends(200, 50);
  ends.back() = 5000;
  EXPECT_EQ(axis_of(with_ends(ends, 0)).high, 50 * millisecond);
}

TEST(Limits, AMachineThatKeepsUpHasNone) { EXPECT_THAT(limits(sample::quiet()), IsEmpty()); }

TEST(Limits, EachIsNamed) {
  EXPECT_THAT(limits(sample::limited()), ElementsAre("the harness's one thread was busy for 97% of the time",
                                                     "the 2 processors were busy for 99% of the time",
                                                     "its timers were late by 3.40ms at p99"));
}

TEST(Limits, FaultsThatComeLateAreOne) {
  Figures figures = sample::quiet();
  figures.measured.front().fault_late = 2 * millisecond;
  EXPECT_THAT(limits(figures), ElementsAre("its faults were late by 2.00ms at p99"));
}

TEST(Figures, WhatWasNotBegunDoesNotCountTheWarmUp) {
  Figures figures = sample::limited();
  EXPECT_EQ(figures.not_begun(), 1);
  figures.missed.push_back({0, "it never connected", {}});
  EXPECT_EQ(figures.not_begun(), 1);
}

}  // namespace
}  // namespace wsfault::bench
