// How a benchmark's times are spelt.
#include "bench/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace wsfault::bench {

std::string time_text(double nanoseconds) {
  const double milliseconds = nanoseconds / 1e6;
  const double size = std::abs(milliseconds);
  if (size < 9.995) return fmt::format("{:.2f}ms", milliseconds);
  if (size < 99.95) return fmt::format("{:.1f}ms", milliseconds);
  if (size < 9999.5) return fmt::format("{:.0f}ms", milliseconds);
  return fmt::format("{:.1f}s", milliseconds / 1e3);
}

}  // namespace wsfault::bench
