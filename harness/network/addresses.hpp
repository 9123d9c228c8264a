// The two ends of a case's cable. Every case has a network of its own, so all have the same addresses.
#pragma once

#include <string_view>

namespace wsfault::network {

/// Of wsfault's ends: links, fake upstreams behind them.
inline constexpr std::string_view near_address = "10.77.0.1";
/// Of the system under test.
inline constexpr std::string_view far_address = "10.77.0.2";
inline constexpr int prefix_length = 24;

}  // namespace wsfault::network
