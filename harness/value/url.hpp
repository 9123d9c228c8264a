// WebSocket URLs of the command line, a scenario or a system file, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "value/result.hpp"

namespace wsfault {

/// A ws:// or wss:// URL (RFC 6455 3).
struct WebSocketUrl {
  std::string host;         ///< without the brackets of an IPv6 address
  std::uint16_t port = 80;  ///< 443 of wss, where the URL names none
  std::string path = "/";   ///< with the query, byte for byte as typed: what the request line asks for
  bool tls = false;         ///< wss
  std::string authority;    ///< host and port as typed: what Host says (RFC 6455 4.1)
};

/// The error is one sentence. A fragment is one (RFC 6455 3), and so is a user name, which no ws URL has.
Result<WebSocketUrl> parse_url(std::string_view url);

/// What a request may ask for instead of a URL's own path: it begins with "/", and holds no fragment, no
/// space and no control character (RFC 9112 3.2.1). Empty: nothing is wrong; else the end of a sentence.
std::string wrong_request_path(std::string_view path);

}  // namespace wsfault
