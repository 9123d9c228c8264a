// What a gateway has to deal with on one of its clients' connections: what broke first, and on which side.
#pragma once

#include <cstdint>
#include <optional>

#include "verdict/case.hpp"
#include "verdict/oracle/act.hpp"
#include "verdict/oracle/idle.hpp"
#include "verdict/oracle/pairing.hpp"

namespace wsfault::verdict::oracle {

/// Who began it.
enum class Began { backend, client, process, itself };

struct GatewayBreak {
  Began by = Began::backend;
  Break broke;
};

/// What the client did that makes its connection end; none: it is well. `pings`: the gateway looks for it,
/// and a ping that nothing answers is a silence.
std::optional<Break> client_break(const Leg& front, const model::System& system, bool pings);
/// A peer with a heartbeat; what a tunnel passes on are the pings of others.
bool sends_pings(const model::System& system);

/// None: nothing broke, and the gateway did nothing by itself.
std::optional<GatewayBreak> gateway_break(const Pair& pair, const Pairing& pairing, const Case& scenario);

/// "the upstream refused the connection", "the gateway was killed"; empty for what it did by itself.
std::string what_broke(const GatewayBreak& began);

/// Both closed before either could have heard of the other's Close.
bool closed_at_once(const Pair& pair);

}  // namespace wsfault::verdict::oracle
