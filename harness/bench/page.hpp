// A benchmark's figures as one HTML page that needs nothing else.
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// What was asked, a table, the distribution of each phase on one axis of time, the harness's own error, and
/// what was not measured. Light or dark as the reader's system is.
std::string print_page(const Figures& figures);

}  // namespace wsfault::bench
