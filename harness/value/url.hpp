// WebSocket URLs from the command line, a scenario or a system file, split into parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "value/result.hpp"

namespace wsfault {

/// A ws:// or wss:// URL (RFC 6455 3).
struct WebSocketUrl {
  std::string host;         ///< without the brackets of an IPv6 address
  std::uint16_t port = 80;  ///< 443 for wss, if the URL names no port
  std::string path = "/";   ///< with the query, byte for byte as typed: the request target
  bool tls = false;         ///< wss
  std::string authority;    ///< host and port as typed: the value of Host (RFC 6455 4.1)
};

/// The error is one sentence. A fragment is an error (RFC 6455 3), and so is a user name, which no ws URL
/// has.
Result<WebSocketUrl> parse_url(std::string_view url);

/// What a request may ask for instead of the URL's own path: it begins with "/" and contains no fragment, no
/// space and no control character (RFC 9112 3.2.1). Returns empty if valid; else the end of a sentence.
std::string wrong_request_path(std::string_view path);

}  // namespace wsfault
