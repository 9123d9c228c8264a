// The two ends of a WebSocket connection, in the words of RFC 6455.
#pragma once

#include <cstdint>
#include <string_view>

namespace wsfault::wire {

/// Which end of a connection; as a direction it names the sender ("from").
enum class Side : std::uint8_t { client, server };

constexpr Side opposite(Side side) { return side == Side::client ? Side::server : Side::client; }
constexpr std::string_view to_string(Side side) { return side == Side::client ? "client" : "server"; }

}  // namespace wsfault::wire
