// Which connection behind a gateway belongs to which in front of it. Pure.
#pragma once

#include <optional>
#include <vector>

#include "model/system.hpp"
#include "verdict/oracle/gateway_log.hpp"

namespace wsfault::verdict::oracle {

/// A client's connection and what the gateway did for it behind.
struct Pair {
  Leg front;
  std::optional<Leg> back;              ///< of several attempts the last one
  int attempts = 0;                     ///< that left a trace on the wire
  std::optional<PlainRequest> plain;    ///< the request reached a backend without its upgrade
  std::optional<std::int64_t> refused;  ///< since when the gateway's attempt for it met nobody
  bool unclear = false;                 ///< several clients were waiting at once, and nothing joins them
};

struct GatewayLog {
  std::vector<Pair> pairs;      ///< in the order of the clients' accepts
  Observation gateway;          ///< its process
  std::vector<Span> refused;    ///< its backends refused
  bool contacted = false;       ///< it reached for a backend at least once
  bool backend_struck = false;  ///< something broke behind it at least once
};

/// By the value of `Wsfault-Connection`; where the gateway drops it by order, as far as that is unambiguous.
GatewayLog read_gateway(const std::vector<record::Event>& events, model::Kind kind);

}  // namespace wsfault::verdict::oracle
