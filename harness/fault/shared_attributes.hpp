// The attributes of faults at which others look, too: scripts that inject, benchmarks.
#pragma once

#include "value/units.hpp"

namespace wsfault::fault {

struct Reset {
  bool flush;
};
struct Restart {
  Duration down;
};

}  // namespace wsfault::fault
