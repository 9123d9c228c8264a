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

/// The first value of a header, names compared without case; none if absent.
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

/// Another answer follows (RFC 9110 15.2); not so behind a 101, which ends HTTP.
constexpr bool is_interim(int status) { return status >= 100 && status < 200 && status != 101; }

/// Bytes up to and with the empty line; none while it has not come.
std::optional<std::size_t> head_size(std::string_view bytes);

/// Of exactly one whole head (cut at head_size()); none if it is not HTTP/1. Header names keep their case
/// and all headers their order. Never throws, whatever the bytes are.
std::optional<RequestHead> parse_request(std::string_view head);
std::optional<ResponseHead> parse_response(std::string_view head);

/// Could these first bytes still become an HTTP/1 response ("HTTP/1.")? False tells another protocol early.
/// True for no bytes at all.
bool may_be_response(std::string_view first_bytes);
bool may_be_request(std::string_view first_bytes);

std::string serialize(const RequestHead& head);
std::string serialize(const ResponseHead& head);

/// base64(SHA-1(key + GUID)), RFC 6455 4.2.2.
std::string accept_key(std::string_view key);
/// base64 of 16 bytes.
std::string encode_key(std::string_view sixteen_bytes);

/// Is it an upgrade to websocket (Upgrade and Connection headers, GET, a key)?
bool is_upgrade(const RequestHead& request);

/// What a client must refuse in an answer (RFC 6455 4.1, end), and a server in a request (4.2.1).
enum class HandshakeFlaw {
  status_not_101,
  no_upgrade,     ///< an answer's Upgrade is exactly "websocket"; a request's list has it
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
/// As in the attribute `flaw` of bad_101: "wrong-accept".
std::string_view to_string(HandshakeFlaw flaw);
/// In the order of RFC 6455 4.1; of an answer other than 101 the rest means nothing, and only that is said.
std::vector<HandshakeFlaw> check_response(const RequestHead& request, const ResponseHead& response);
/// True if a list of extensions there names this one, whatever its parameters are.
bool names_extension(const Headers& headers, std::string_view name);
/// Did this 101 agree on permessage-deflate (RFC 7692 7.1), so that RSV1 marks compressed messages? It was
/// offered, is named once, beside nothing that was not offered, and its parameters are known, valid and each
/// there once. True also where the 101 leaves out a parameter that was offered: that is the client's to
/// refuse.
bool agrees_on_compression(const RequestHead& request, const ResponseHead& response);
/// In the order of RFC 6455 4.2.1.
std::vector<HandshakeFlaw> check_request(const RequestHead& request);

}  // namespace wsfault::wire
