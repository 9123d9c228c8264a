// Up to when a log is known.
#pragma once

#include <cstdint>

namespace wsfault::verdict::oracle {

struct Horizon {
  std::int64_t now = 0;
  bool over = false;  ///< nothing will follow
};

}  // namespace wsfault::verdict::oracle
