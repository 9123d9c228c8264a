// How much processor time this process and the machine have used, read from the kernel.
#pragma once

#include "bench/figures.hpp"

namespace wsfault::bench {

/// A reading; two of them make a use.
struct ProcessorTime {
  double own = 0;      ///< seconds that this process ran
  double busy = 0;     ///< seconds that the processors it may use were not idle, added up
  double elapsed = 0;  ///< the same, idle ones counted, too
  int processors = 1;
};

ProcessorTime processor_time();

/// Between two readings, `wall` seconds apart.
ProcessorUse use_between(const ProcessorTime& begin, const ProcessorTime& end, double wall);

}  // namespace wsfault::bench
