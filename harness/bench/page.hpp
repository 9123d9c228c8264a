// A benchmark's figures as one self-contained HTML page.
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// The request, a table, the distribution of each phase on one time axis, the harness's own error, and what
/// was not measured. Light or dark, as the reader's system is.
std::string print_page(const Figures& figures);

}  // namespace wsfault::bench
