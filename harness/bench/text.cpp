// How a benchmark's times are written.
#include "bench/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wsfault::bench {

std::string time_text(double nanoseconds) {
  // A slightly negative time means that an event was recorded a little later than it happened.
  const double milliseconds = std::max(0.0, nanoseconds / 1e6);
  if (milliseconds < 9.995) return fmt::format("{:.2f}ms", milliseconds);
  if (milliseconds < 99.95) return fmt::format("{:.1f}ms", milliseconds);
  if (milliseconds < 9999.5) return fmt::format("{:.0f}ms", milliseconds);
  return fmt::format("{:.1f}s", milliseconds / 1e3);
}

}  // namespace wsfault::bench
