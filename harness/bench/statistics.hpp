// Percentiles and histograms of what was measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wsfault::bench {

/// Percentiles are of the nearest rank: p95 is the smallest value that at least 95 of a hundred do not
/// exceed, so each is one that was measured.
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

/// None of no values.
std::optional<Summary> summarise(std::vector<std::int64_t> values);

/// How many values lie in each of `buckets` equal parts of [low, high); what is less is in the first, what is
/// more in the last.
std::vector<std::size_t> histogram(const std::vector<std::int64_t>& values, std::int64_t low,
                                   std::int64_t high, std::size_t buckets);

}  // namespace wsfault::bench
