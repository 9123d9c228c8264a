// A benchmark's figures as JSON (docs/reconnect.md).
#pragma once

#include <string>

#include "bench/figures.hpp"

namespace wsfault::bench {

/// Grows when a member is removed or changes its meaning.
inline constexpr int reconnect_version = 1;

std::string print_json(const Figures& figures);

}  // namespace wsfault::bench
