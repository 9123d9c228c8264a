// Figures for comparison with the printed forms.
#pragma once

#include "bench/figures.hpp"

namespace wsfault::bench::sample {

/// Four rounds on a machine that is fast enough; each phase after the first attempt adds 0.5 ms.
Figures quiet();
/// One round was measured, one was not, one was not begun; the machine was too slow.
Figures limited();

}  // namespace wsfault::bench::sample
