// URLs and addresses of the command line, a scenario or a system file, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runner/loopback.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

struct Target {
  std::string host;         ///< without the brackets of an IPv6 address
  std::uint16_t port = 80;  ///< 443 of wss, where the URL names none (RFC 6455 3)
  std::string path = "/";   ///< with the query
  bool tls = false;         ///< wss
  std::string authority;    ///< host and port as written: what Host says (RFC 6455 4.1)
};

/// A sentence says what is wrong.
Result<Target> parse_target(std::string_view url);

/// "HOST:PORT" of the command line, "[::1]:9000"; port 0 is any free one. The end of a sentence says what is
/// wrong.
Result<Address> parse_address(std::string_view text);

}  // namespace wsfault::runner
