// The client's half of the opening handshake.
#pragma once

#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/socket.hpp"
#include "reference/client_options.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// Why a handshake failed.
struct Refusal {
  std::string message;                  ///< "unexpected status 503"
  std::optional<int> status;            ///< where there was an answer and it was not 101
  std::optional<Duration> retry_after;  ///< what that answer asked for
  bool answered = false;                ///< the peer said something whole, and it was wrong
};

/// How a handshake came out.
struct Opening {
  std::optional<Refusal> refusal;  ///< none: it is open
  std::string first_bytes;         ///< that came behind the answer
};

/// A Sec-WebSocket-Key.
std::string make_handshake_key(Random& random);
wire::RequestHead make_request(const WebSocketUrl& target, Random& random);

/// The next head taken off the bytes, a 1xx as well; none while more are needed. An error: it is no HTTP, or
/// too large.
std::optional<Result<wire::ResponseHead>> take_answer(std::string& bytes);

/// What the bytes so far make of the handshake, none while more are needed. Skips 1xx; takes heads off
/// `bytes`.
std::optional<Opening> judge_answer(std::string& bytes, const wire::RequestHead& request,
                                    const Defects& defects);

/// Sends the request and reads the answer. Knows no time limit.
net::Task<Opening> shake_hands(net::Socket& socket, const wire::RequestHead& request, const Defects& defects);

}  // namespace wsfault::reference
