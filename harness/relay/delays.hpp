// How long bytes stay in a proxy that means to pass them on at once: a histogram.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wsfault::relay {

struct Delays {
  /// The upper limit of each bucket; a last one has none.
  static constexpr auto limits = std::to_array<std::chrono::nanoseconds>(
      {std::chrono::microseconds(10), std::chrono::microseconds(25), std::chrono::microseconds(50),
       std::chrono::microseconds(100), std::chrono::microseconds(250), std::chrono::microseconds(500),
       std::chrono::milliseconds(1), std::chrono::microseconds(2500), std::chrono::milliseconds(5),
       std::chrono::milliseconds(10), std::chrono::milliseconds(100), std::chrono::seconds(1)});

  std::array<std::uint64_t, limits.size() + 1> counts{};
  std::chrono::nanoseconds sum{0};

  /// One below 0 counts as 0.
  void add(std::chrono::nanoseconds delay) {
    std::size_t bucket = 0;
    while (bucket < limits.size() && delay > limits[bucket]) ++bucket;
    ++counts[bucket];
    if (delay.count() > 0) sum += delay;
  }
};

}  // namespace wsfault::relay
