// How a gateway handled the failure of one of its sides: what it did on the other, held against the row.
#pragma once

#include <optional>

#include "verdict/oracle/gateway_scene.hpp"
#include "verdict/oracle/limits.hpp"

namespace wsfault::verdict::oracle {

/// A break of one of its clients' connections, and what it came to.
struct Handled {
  const Pair& pair;
  const GatewayBreak& began;
  const GatewayScene& scene;
  const Leg* from;  ///< the side that failed; null: there was none yet
  const Leg& to;    ///< the side on which the gateway is judged
  Phase phase;      ///< of that side
  Row row;
  Act act;
  bool passed;          ///< what broke went through as it came
  bool passed_illegal;  ///< an illegal frame did, whatever came after it
  std::optional<std::int64_t> first_due;  ///< of an upstream that refuses: until then, if it does not try again
  Limits limits;

  Handled(const Pair& pair, const GatewayBreak& began, const GatewayScene& scene, bool at_upstream);
  const Break& broke() const { return began.broke; }
};

/// What it did, and when: is it in the row, in its time, and complete? The cause is set where it is not.
Opinion on_act(const Handled& it);
/// Nothing done so far: holds where the row lets it stay as it is.
Opinion on_no_act(const Handled& it);

}  // namespace wsfault::verdict::oracle
