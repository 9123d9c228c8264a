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
  switch (broke.effect.kind) {
    case EffectKind::refused:
      return upstream_down;
    case EffectKind::fin:
    case EffectKind::reset:
      return of_end(broke, quiet_before);
    case EffectKind::silence:
      if (broke.phase == Phase::before_101) return upstream_hangs;
      return quiet_before >= idle ? flow_forgotten : host_vanished;
    case EffectKind::answer:
      return cause_of_status(broke.effect.value);
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::tls_failure:
      return answer_invalid;
    case EffectKind::close:
      if (broke.effect.value == 1014) return bad_gateway_told;
      return wire::may_be_on_wire(broke.effect.value) ? closed_by_peer : peer_broke_protocol;
    case EffectKind::close_empty:
      return closed_without_code;
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return peer_broke_protocol;
    case EffectKind::no_close_reply:
      return closing_unanswered;
    case EffectKind::killed:
      return server_ended;
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return none;
    case EffectKind::nothing:
      return ends_by_itself;
  }
  return none;
}

}  // namespace wsfault::verdict::oracle
