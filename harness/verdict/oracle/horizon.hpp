// Up to when a log is known.
#pragma once

#include <cstdint>

#include "value/units.hpp"

namespace wsfault::verdict::oracle {

/// Of two events on different sockets the log may know the later one first, by so much (nanoseconds).
inline constexpr std::int64_t log_order = Duration(std::chrono::milliseconds(100)).count();

struct Horizon {
  std::int64_t now = 0;
  bool over = false;  ///< nothing will follow
};

}  // namespace wsfault::verdict::oracle
