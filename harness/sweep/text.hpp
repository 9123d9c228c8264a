// A sweep for people: its ranges, the first point that fails, and how to repeat it.
#pragma once

#include <string>

#include "report/console.hpp"
#include "scenario/load.hpp"
#include "sweep/sweep.hpp"

namespace wsfault::sweep {

/// Each line with its newline.
std::string print_sweep(const Sweep& sweep, const scenario::LoadedCase& loaded, std::size_t fault,
                        const report::Style& style);

}  // namespace wsfault::sweep
