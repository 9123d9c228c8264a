// Nearest-rank percentiles, histograms with open ends.
#include "bench/statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace wsfault::bench {
namespace {

using testing::ElementsAre;

TEST(Summary, OfNothingThereIsNone) { EXPECT_FALSE(summarise({})); }

TEST(Summary, OfOneValueIsThatValue) {
  const Summary summary = *summarise({7});
  for (const std::int64_t value :
       {summary.min, summary.p50, summary.p90, summary.p95, summary.p99, summary.max})
    EXPECT_EQ(value, 7);
  EXPECT_EQ(summary.mean, 7);
}

TEST(Summary, OfAHundredThePercentilesAreTheirRanks) {
  std::vector<std::int64_t> values(100);
  std::iota(values.rbegin(), values.rend(), 1);  // 100 … 1: order does not matter
  const Summary summary = *summarise(values);
  EXPECT_EQ(summary.count, 100u);
  EXPECT_EQ(summary.min, 1);
  EXPECT_EQ(summary.p50, 50);
  EXPECT_EQ(summary.p90, 90);
  EXPECT_EQ(summary.p95, 95);
  EXPECT_EQ(summary.p99, 99);
  EXPECT_EQ(summary.max, 100);
  EXPECT_EQ(summary.mean, 50.5);
}

/// Each percentile is a measured value: of four values p50 is the second, never one in between.
TEST(Summary, NothingIsInterpolated) {
  const Summary summary = *summarise({10, 20, 30, 1000});
  EXPECT_EQ(summary.p50, 20);
  EXPECT_EQ(summary.p90, 1000);
  EXPECT_EQ(summary.p99, 1000);
}

TEST(Histogram, CountsInHalfOpenParts) {
  EXPECT_THAT(histogram({0, 9, 10, 19, 20, 39}, 0, 40, 4), ElementsAre(2, 2, 1, 1));
}

TEST(Histogram, WhatIsBeyondIsInTheOuterParts) {
  EXPECT_THAT(histogram({-5, 3, 40, 4000}, 0, 40, 4), ElementsAre(2, 0, 0, 2));
}

TEST(Histogram, OfNoWidthIsInTheFirstPart) { EXPECT_THAT(histogram({5, 5}, 5, 5, 3), ElementsAre(2, 0, 0)); }

}  // namespace
}  // namespace wsfault::bench
