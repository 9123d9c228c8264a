// Percentiles and histograms of measured values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wsfault::bench {

/// Nearest-rank percentiles: p95 is the smallest value that at least 95 of a hundred values do not exceed, so
/// each percentile is a measured value.
struct Summary {
  std::size_t count = 0;
  std::int64_t min = 0;
  std::int64_t p50 = 0;
  std::int64_t p90 = 0;
  std::int64_t p95 = 0;
  std::int64_t p99 = 0;
  std::int64_t max = 0;
  double mean = 0;
};

/// None if there are no values.
std::optional<Summary> summarise(std::vector<std::int64_t> values);

/// How many values lie in each of `buckets` equal parts of [low, high); smaller values count in the first,
/// larger ones in the last.
std::vector<std::size_t> histogram(const std::vector<std::int64_t>& values, std::int64_t low,
                                   std::int64_t high, std::size_t buckets);

}  // namespace wsfault::bench
