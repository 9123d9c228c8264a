// A bound on a number or a duration: a plain value is "equal", or "<=N", ">=N", "N-M".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/result.hpp"
#include "value/units.hpp"

namespace wsfault {

template <typename T>
struct Bound {
  std::optional<T> low;   ///< inclusive
  std::optional<T> high;  ///< inclusive

  bool holds(T value) const { return (!low || value >= *low) && (!high || value <= *high); }
  bool above(T value) const { return high && value > *high; }
  static Bound exactly(T value) { return {value, value}; }
};

Result<Bound<std::int64_t>> parse_count_bound(std::string_view text);
Result<Bound<Duration>> parse_duration_bound(std::string_view text);
std::string to_string(const Bound<std::int64_t>& bound);
std::string to_string(const Bound<Duration>& bound);

}  // namespace wsfault
