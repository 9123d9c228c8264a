// The delays that latency draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>

#include "fault/attributes_of.hpp"
#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"
#include "value/toml.hpp"

namespace wsfault::fault {
namespace {

using namespace std::chrono_literals;

std::vector<Duration> delays_of(const std::string& attributes, int count, std::uint64_t seed) {
  const Seats seats{.links = {"link"}, .default_link = "link", .parties = {"sut", "upstream"}};
  Diagnostics diagnostics("test.toml", attributes);
  const auto table = parse_toml("inject = \"latency\"\n" + attributes, diagnostics);
  const auto spec = read_fault(*table, seats, diagnostics);
  EXPECT_TRUE(spec) << diagnostics.print();
  const auto fault = make_connection_fault(*spec);
  std::mt19937_64 random(seed);
  const Situation situation{random, nullptr};
  std::vector<Duration> delays;
  for (int i = 0; i < count; ++i) delays.push_back(fault->treat({.kind = Unit::Kind::piece}, situation).delay);
  return delays;
}

TEST(Latency, WithoutJitterIsOneDelay) {
  for (const Duration delay : delays_of("latency = \"20ms\"", 100, 1)) EXPECT_EQ(delay, 20ms);
}

/// Ten bins of 1,000 each are expected; 27.9 is what the chi-squared distribution with nine degrees of freedom exceeds
/// once in a thousand, and the seeds are fixed.
TEST(Latency, JitterIsUniform) {
  constexpr int count = 10'000;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    std::array<int, 10> bins{};
    for (const Duration delay : delays_of("latency = \"20ms\"\njitter = \"5ms\"", count, seed)) {
      ASSERT_GE(delay, 15ms);
      ASSERT_LE(delay, 25ms);
      ++bins[std::min<std::size_t>(9, static_cast<std::size_t>((delay - 15ms) / 1ms))];
    }
    double chi_squared = 0;
    for (const int found : bins) chi_squared += (found - 1000.0) * (found - 1000.0) / 1000.0;
    EXPECT_LT(chi_squared, 27.9) << "seed " << seed;
  }
}

TEST(Latency, IsNeverBelowZero) {
  for (const Duration delay : delays_of("latency = \"1ms\"\njitter = \"5ms\"", 1000, 1)) EXPECT_GE(delay, 0ms);
}

}  // namespace
}  // namespace wsfault::fault
