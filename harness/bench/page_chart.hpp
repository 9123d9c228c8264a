// The distribution of one phase as an SVG: a histogram, and the share of rounds that had reached the phase.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// `values` are nanoseconds, at least one. Bars count rounds (left axis), the line is their cumulative share
/// (right axis). Classes name the colours: bar, line, grid, mark; screen readers read `label`.
std::string print_chart(std::vector<std::int64_t> values, const Axis& axis, std::string_view label);

}  // namespace wsfault::bench
