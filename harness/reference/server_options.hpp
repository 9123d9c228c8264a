// What the reference server is told on its command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/defect.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// Limits: none means that there is no such limit.
struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::optional<Duration> heartbeat = std::chrono::milliseconds(500);
  std::optional<Duration> heartbeat_timeout = std::chrono::seconds(1);
  std::optional<Duration> handshake_limit = std::chrono::seconds(1);
  std::optional<Duration> close_limit = std::chrono::seconds(1);
  Duration drain = std::chrono::seconds(1);  ///< how long stopping takes at most
  std::uint64_t seed = 0;
  Defects defects;
};

}  // namespace wsfault::reference
