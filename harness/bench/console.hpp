// A benchmark's figures, printed for a person at a terminal.
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// Tables of the phases, the steps and the counts, a sparkline for each phase, the harness's own error, and
/// what was not measured and why. Ends in a newline.
std::string print_console(const Figures& figures);

}  // namespace wsfault::bench
