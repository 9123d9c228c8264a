// What the parts of the opinion on a gateway share.
#pragma once

#include <optional>
#include <string>

#include "verdict/oracle/gateway_break.hpp"
#include "verdict/oracle/pairing.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

struct GatewayScene : Scene {
  const Pairing& pairing;

  /// A WebSocket peer on both sides; else a tunnel.
  bool is_peer() const { return scenario.system.kind == model::Kind::websocket; }
};

/// "the client behind the gateway", with its name where it has one of its own.
std::string name_of_client(const Leg& front);
/// "; it reported 1006, not clean"; empty without a report.
std::string reported(const Leg& front);

// Each of one connection; none: nothing to say.
/// Its backend failed, or the gateway was struck itself: judged by what its client got.
std::optional<Finding> judge_at_client(const Pair& pair, const GatewayBreak& began,
                                       const GatewayScene& scene);
/// Its client failed: judged by what it did to its backend.
std::optional<Finding> judge_at_upstream(const Pair& pair, const GatewayBreak& began,
                                         const GatewayScene& scene);
/// No backend had to do with it: the gateway did it by itself, never reached one, or lost the upgrade.
std::optional<Finding> judge_without_backend(const Pair& pair, const GatewayScene& scene);
/// Nothing broke: a client whose backend has answered 101 is let in, gets all that comes, and is not kept when
/// it is idle.
std::optional<Finding> judge_unbroken(const Pair& pair, const GatewayScene& scene);
/// A tunnel has changed what its client and its backend were to agree on in their handshake.
std::optional<Finding> judge_agreement(const Pair& pair, const Case& scenario);
/// A message was changed on its way, or left in another order, twice, or from nowhere.
std::optional<Finding> judge_messages(const Pair& pair, const Horizon& horizon);
/// Close was said on both sides, or its backend has ended TCP behind a Close: it ends TCP to its client, too.
std::optional<Finding> judge_front_end(const Pair& pair, const GatewayScene& scene);
/// It ended a silent connection: all that had come before must have left it.
Opinion on_withheld(const Pair& pair, const GatewayScene& scene);
/// Ended, answered or closed though nothing had broken.
std::optional<Finding> judge_by_itself(const Pair& pair, const GatewayBreak& began,
                                       const GatewayScene& scene);

}  // namespace wsfault::verdict::oracle
