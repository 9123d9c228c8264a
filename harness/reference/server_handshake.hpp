// The server's half of the opening handshake.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/asio.hpp"
#include "net/socket.hpp"
#include "reference/defect.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// What a server answers by.
struct HandshakeTerms {
  std::vector<std::string> subprotocols;  ///< that it speaks: the first one offered is chosen
  Defects defects;
};

/// What a server says to the bytes of a request.
struct Reply {
  wire::ResponseHead head;  ///< 101 where it is open
  std::string first_bytes;  ///< of frames, that came behind the request
};

/// A request's head taken off the bytes; none while more are needed. Or the answer that refuses it: 400, 431.
struct TakenRequest {
  std::optional<wire::RequestHead> head;
  std::optional<Reply> refusal;
};
std::optional<TakenRequest> take_request(std::string& bytes);
/// What a server says to that head, with the bytes behind it.
Reply judge_head(const wire::RequestHead& request, std::string& bytes, const HandshakeTerms& terms = {});

/// None while more bytes are needed. A plain request is answered with 426, a broken one with 400 (RFC
/// 6455 4.2.1).
std::optional<Reply> judge_request(std::string& bytes, const HandshakeTerms& terms = {});
/// For a handshake under way when the server stops, or when it has no place left.
Reply unavailable();

/// Reads a request and says what is to be answered; none if the stream ended before. Knows no time limit.
net::Task<std::optional<Reply>> read_request(net::Socket& socket, const HandshakeTerms& terms);

}  // namespace wsfault::reference
