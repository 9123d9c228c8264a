// Percentiles and histograms.
#include "bench/statistics.hpp"

#include <algorithm>
#include <numeric>

namespace wsfault::bench {
namespace {

std::int64_t nearest_rank(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

std::optional<Summary> summarise(std::vector<std::int64_t> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return Summary{.count = values.size(),
                 .min = values.front(),
                 .p50 = nearest_rank(values, 50),
                 .p90 = nearest_rank(values, 90),
                 .p95 = nearest_rank(values, 95),
                 .p99 = nearest_rank(values, 99),
                 .max = values.back(),
                 .mean = sum / static_cast<double>(values.size())};
}

std::vector<std::size_t> histogram(const std::vector<std::int64_t>& values, std::int64_t low,
                                   std::int64_t high, std::size_t buckets) {
  std::vector<std::size_t> counts(buckets, 0);
  const double width = static_cast<double>(high - low) / static_cast<double>(buckets);
  for (const std::int64_t value : values) {
    const double place = width > 0 ? static_cast<double>(value - low) / width : 0;
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(buckets - 1)))];
  }
  return counts;
}

}  // namespace wsfault::bench
