// The options of the reference client's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/afterwards.hpp"
#include "reference/backoff.hpp"
#include "reference/defect.hpp"
#include "value/units.hpp"
#include "value/url.hpp"

namespace wsfault::reference {

struct PeerAddress {
  std::string host;
  std::uint16_t port = 0;
};

/// Limits: none means that there is no such limit.
struct ClientOptions {
  WebSocketUrl target;
  std::vector<PeerAddress> addresses;  ///< tried in turn; empty: those of the target's host
  std::string ca_file;  ///< PEM; empty: what this machine trusts
  std::optional<Duration> heartbeat = std::chrono::milliseconds(500);
  std::optional<Duration> heartbeat_timeout = std::chrono::seconds(1);
  std::optional<Duration> handshake_limit = std::chrono::seconds(1);  ///< from the attempt at one address on
  std::optional<Duration> close_limit = std::chrono::seconds(1);
  BackoffSchedule backoff;
  int messages = 10;
  int instances = 1;  ///< so many clients, side by side
  FinalOutcomes final;
  std::uint64_t seed = 0;
  Defects defects;
};

}  // namespace wsfault::reference
