// Figures that the printed forms are compared with.
#pragma once

#include "bench/figures.hpp"

namespace wsfault::bench::sample {

/// Four rounds on a machine that keeps up; each phase after the first attempt adds 0.5 ms.
Figures quiet();
/// One round was measured, one was not, one was not begun; the machine could not keep up.
Figures limited();

}  // namespace wsfault::bench::sample
