// Which row of the table of causes a break points to.
#include "verdict/oracle/break.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using enum Cause;

/// Shorter silences are pauses of a conversation, not idleness.
constexpr Duration idle = std::chrono::milliseconds(500);

Cause of_end(const Break& broke, Duration quiet_before) {
  if (broke.phase == Phase::before_101) {
    return broke.effect.detail == "head" ? answer_invalid : server_ended;
  }
  return quiet_before >= idle && broke.effect.detail.empty() ? flow_forgotten : server_ended;
}

}  // namespace

Cause cause_of(const Break& broke, Duration quiet_before) {
  const Effect& effect = broke.effect;
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
      return of_end(broke, quiet_before);
    case EffectKind::silence:
      if (broke.phase == Phase::before_101) return upstream_hangs;
      return quiet_before >= idle ? flow_forgotten : host_vanished;
    case EffectKind::answer:
      return cause_of_status(effect.value);
    case EffectKind::close:
      if (effect.value == 1014) return bad_gateway_told;
      return wire::may_be_on_wire(effect.value) ? closed_by_peer : peer_broke_protocol;
    default:
      return usual_cause(effect.kind);
  }
}

}  // namespace wsfault::verdict::oracle
