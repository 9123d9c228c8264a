// The opening handshake of RFC 6455 4: heads read and written as values, and what is wrong with them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsfault::wire {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

/// The value of the first header with this name, compared without case; none if absent.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);
/// True if the comma-separated list in any header of that name has the token, without case.
bool has_token(const Headers& headers, std::string_view name, std::string_view token);

struct RequestHead {
  std::string method;
  std::string target;
  int version = 11;  ///< 10 or 11
  Headers headers = {};
};

struct ResponseHead {
  int status = 0;
  std::string reason = {};
  int version = 11;
  Headers headers = {};
};

/// Another response follows (RFC 9110 15.2). This is not true of a 101, which ends HTTP.
constexpr bool is_interim(int status) { return status >= 100 && status < 200 && status != 101; }

/// The number of bytes up to and including the empty line; none until it has arrived.
std::optional<std::size_t> head_size(std::string_view bytes);

/// Parses exactly one complete head (cut at head_size()); none if it is not HTTP/1. Header names keep their
/// case and headers keep their order. Never throws, whatever the bytes are.
std::optional<RequestHead> parse_request(std::string_view head);
std::optional<ResponseHead> parse_response(std::string_view head);

/// Could these first bytes still become an HTTP/1 response ("HTTP/1.")? False detects another protocol early.
/// True for no bytes.
bool may_be_response(std::string_view first_bytes);
bool may_be_request(std::string_view first_bytes);

std::string serialize(const RequestHead& head);
std::string serialize(const ResponseHead& head);

/// base64(SHA-1(key + GUID)), RFC 6455 4.2.2.
std::string accept_key(std::string_view key);
/// base64 of 16 bytes.
std::string encode_key(std::string_view sixteen_bytes);

/// Is it an upgrade request to websocket (Upgrade and Connection headers, GET, a key)?
bool is_upgrade(const RequestHead& request);

/// What a client must refuse in a response (RFC 6455 4.1, end), and a server in a request (4.2.1).
enum class HandshakeFlaw {
  status_not_101,
  no_upgrade,     ///< a response's Upgrade must be exactly "websocket"; a request's must list it
  no_connection,  ///< no token "upgrade"
  no_accept,
  wrong_accept,
  wrong_subprotocol,    ///< not offered, or more than one
  unoffered_extension,  ///< compared by name, not by parameters
  not_get,
  bad_key,        ///< absent, repeated, or not 16 bytes in base64
  wrong_version,  ///< Sec-WebSocket-Version is not 13
  not_http_1_1,   ///< a request of HTTP/1.0, as some gateways send by default
  no_host,
};
/// As spelled in the attribute `flaw` of bad_101: "wrong-accept".
std::string_view to_string(HandshakeFlaw flaw);
/// In the order of RFC 6455 4.1. For a status other than 101 the rest has no meaning, so only the status is
/// listed.
std::vector<HandshakeFlaw> check_response(const RequestHead& request, const ResponseHead& response);
/// True if a list of extensions there names this one, with any parameters.
bool names_extension(const Headers& headers, std::string_view name);
/// Did this 101 agree on permessage-deflate (RFC 7692 7.1), so that RSV1 marks compressed messages? True if
/// it was offered, it is named once, every other named extension was offered, and its parameters are known,
/// valid and not repeated. True also where the 101 leaves out a parameter that was offered: refusing that is
/// up to the client.
bool agrees_on_compression(const RequestHead& request, const ResponseHead& response);
/// In the order of RFC 6455 4.2.1.
std::vector<HandshakeFlaw> check_request(const RequestHead& request);

}  // namespace wsfault::wire
