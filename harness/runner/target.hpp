// A ws:// or wss:// URL of the command line or a scenario, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

}  // namespace wsfault::runner
