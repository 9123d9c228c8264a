// The two ends of a case's cable. Every case has a network of its own, so all have the same addresses.
#pragma once

#include <array>
#include <string_view>

namespace wsfault::network {

/// Of wsfault's ends: links, fake upstreams behind them.
inline constexpr std::string_view near_address = "10.77.0.1";
/// Of the system under test.
inline constexpr std::string_view far_address = "10.77.0.2";
inline constexpr int prefix_length = 24;
/// Further ones of wsfault's ends, for a link with several. IPv6 comes first where a client sorts them (RFC
/// 6724 2.1: before IPv4; a unique local address would come after it).
inline constexpr std::string_view near_address6 = "2001:db8:77::1";
inline constexpr std::string_view far_address6 = "2001:db8:77::2";
inline constexpr int prefix_length6 = 64;
inline constexpr std::array<std::string_view, 3> more_near_addresses = {"10.77.0.3", "10.77.0.4",
                                                                        "10.77.0.5"};
/// The name that the system's hosts file has for a link with several addresses (RFC 6761 6.2).
inline constexpr std::string_view link_name = "link.wsfault.test";

}  // namespace wsfault::network
