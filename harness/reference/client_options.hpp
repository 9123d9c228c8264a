// What the reference client is told on its command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/afterwards.hpp"
#include "reference/backoff.hpp"
#include "reference/defect.hpp"
#include "value/result.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// A ws:// or wss:// URL, taken apart.
struct Target {
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 80;
  bool secure = false;     ///< wss
  std::string authority;   ///< for the Host header: "127.0.0.1:8080"
  std::string path = "/";  ///< with the query
};
Result<Target> parse_target(std::string_view url);

/// Limits: none means that there is no such limit.
struct ClientOptions {
  Target target;
  std::string ca_file;  ///< PEM; empty: what this machine trusts
  std::optional<Duration> heartbeat = std::chrono::milliseconds(500);
  std::optional<Duration> heartbeat_timeout = std::chrono::seconds(1);
  std::optional<Duration> handshake_limit = std::chrono::seconds(1);  ///< connecting included
  std::optional<Duration> close_limit = std::chrono::seconds(1);
  BackoffSchedule backoff;
  int messages = 10;
  FinalOutcomes final;
  std::uint64_t seed = 0;
  Defects defects;
};

}  // namespace wsfault::reference
