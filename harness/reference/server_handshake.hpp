// The server's half of the opening handshake.
#pragma once

#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/socket.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// What a server says to the bytes of a request.
struct Reply {
  wire::ResponseHead head;  ///< 101 where it is open
  std::string first_bytes;  ///< of frames, that came behind the request
};

/// None while more bytes are needed. A plain request is answered with 426, a broken one with 400 (RFC
/// 6455 4.2.1).
std::optional<Reply> judge_request(std::string& bytes);
/// For a handshake under way when the server stops.
Reply unavailable();

/// Reads a request and says what is to be answered; none if the stream ended before. Knows no time limit.
net::Task<std::optional<Reply>> read_request(net::Socket& socket);

}  // namespace wsfault::reference
