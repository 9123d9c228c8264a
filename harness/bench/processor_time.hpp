// How much processor time this process and the machine have used, read from the kernel.
#pragma once

#include "bench/figures.hpp"

namespace wsfault::bench {

/// One reading; the difference of two gives a use.
struct ProcessorTime {
  double own = 0;      ///< seconds of processor time of this process
  double busy = 0;     ///< non-idle seconds of the processors it may use, added up
  double elapsed = 0;  ///< the same, including idle time
  int processors = 1;
};

ProcessorTime processor_time();

/// Between two readings, `wall` seconds apart.
ProcessorUse use_between(const ProcessorTime& begin, const ProcessorTime& end, double wall);

}  // namespace wsfault::bench
