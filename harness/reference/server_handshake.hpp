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

/// What determines a server's answer.
struct HandshakeTerms {
  std::vector<std::string> subprotocols;  ///< subprotocols that it supports: the first one offered is chosen
  Defects defects;
};

/// A server's answer to the bytes of a request.
struct Reply {
  wire::ResponseHead head;  ///< 101 if it is open
  std::string first_bytes;  ///< the start of the frames, which came after the request
};

/// Takes a request's head off the bytes; none while more are needed. Or returns the answer that refuses it:
/// 400, 431.
struct TakenRequest {
  std::optional<wire::RequestHead> head;
  std::optional<Reply> refusal;
};
std::optional<TakenRequest> take_request(std::string& bytes);
/// The server's answer to that head, with the bytes after it.
Reply judge_head(const wire::RequestHead& request, std::string& bytes, const HandshakeTerms& terms = {});

/// None while more bytes are needed. A plain request is answered with 426, an invalid one with 400 (RFC 6455
/// 4.2.1).
std::optional<Reply> judge_request(std::string& bytes, const HandshakeTerms& terms = {});
/// The answer to an unfinished handshake when the server stops, or when all its places are taken.
Reply unavailable();

/// Reads a request and returns the answer; none if the stream ended first. Has no time limit.
net::Task<std::optional<Reply>> read_request(net::Socket& socket, const HandshakeTerms& terms);

}  // namespace wsfault::reference
