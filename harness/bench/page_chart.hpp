// The distribution of one phase as an SVG: a histogram, and the share of rounds that had got so far.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// `values` are nanoseconds, at least one. Bars count rounds (left), the line is their share so far (right).
/// Classes name the colours: bar, line, grid, mark; `label` is read out in its place.
std::string print_chart(std::vector<std::int64_t> values, const Axis& axis, std::string_view label);

}  // namespace wsfault::bench
