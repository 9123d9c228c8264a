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
  std::optional<int> status;            ///< if there was an answer and it was not 101
  std::optional<Duration> retry_after;  ///< the delay requested by that answer
  bool answered = false;                ///< the peer sent a complete answer, and it was wrong
};

/// The result of a handshake.
struct Opening {
  std::optional<Refusal> refusal;  ///< none: it is open
  std::string first_bytes;         ///< bytes that came after the answer
};

/// A Sec-WebSocket-Key.
std::string make_handshake_key(Random& random);
wire::RequestHead make_request(const WebSocketUrl& target, Random& random);

/// Takes the next head off the bytes, including a 1xx; none while more bytes are needed. Error: not HTTP, or
/// too large.
std::optional<Result<wire::ResponseHead>> take_answer(std::string& bytes);

/// The result of the handshake, judged by the bytes so far; none while more are needed. Skips 1xx; takes
/// heads off `bytes`.
std::optional<Opening> judge_answer(std::string& bytes, const wire::RequestHead& request,
                                    const Defects& defects);

/// Sends the request and reads the answer. Has no time limit.
net::Task<Opening> shake_hands(net::Socket& socket, const wire::RequestHead& request, const Defects& defects);

}  // namespace wsfault::reference
