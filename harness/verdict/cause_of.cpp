// Which row of the table of causes a break, a close code or an HTTP status points to.
#include "verdict/cause.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict {
namespace {

using enum Cause;

/// Shorter silences are pauses of a conversation, not idleness.
constexpr Duration idle = std::chrono::milliseconds(500);

Cause of_status(int status) {
  if (status == 401 || status == 403) return access_denied;
  if (status == 408 || status == 425 || status == 429 || status == 503) return overloaded;
  if (status == 502 || status == 504) return status == 502 ? answer_invalid : upstream_hangs;
  return upgrade_misrouted;
}

Cause of_end(const oracle::Break& broke, Duration quiet_before) {
  if (broke.state == oracle::State::before_101) {
    return broke.effect.detail == "head" ? answer_invalid : server_ended;
  }
  return quiet_before >= idle && broke.effect.detail.empty() ? flow_forgotten : server_ended;
}

}  // namespace

Cause cause_of(const oracle::Break& broke, Duration quiet_before) {
  using oracle::EffectKind;
  switch (broke.effect.kind) {
    case EffectKind::refused:
      return upstream_down;
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return of_end(broke, quiet_before);
    case EffectKind::silence:
      if (broke.state == oracle::State::before_101) return upstream_hangs;
      return quiet_before >= idle ? flow_forgotten : host_vanished;
    case EffectKind::answer:
      return of_status(broke.effect.value);
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
    case EffectKind::no_tcp_end:
      return closing_unanswered;
    case EffectKind::killed:
      return server_ended;
    case EffectKind::interim:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return none;
    case EffectKind::nothing:
      return ends_by_itself;
  }
  return none;
}

std::vector<Cause> causes_of_code(int code) {
  switch (code) {
    case 1002:
    case 1007:
      return {peer_broke_protocol};
    case 1005:
      return {closed_without_code};
    case 1006:
      return {server_ended,   host_vanished,  flow_forgotten,      upstream_down,     upgrade_misrouted,
              upstream_hangs, answer_invalid, peer_broke_protocol, closing_unanswered};
    case 1008:
      return {access_denied, closed_by_peer};
    case 1013:
      return {overloaded};
    case 1014:
      return {bad_gateway_told, upstream_down, upgrade_misrouted, upstream_hangs, answer_invalid};
    case 1015:
      return {answer_invalid};
    default:
      break;
  }
  if (!wire::may_be_on_wire(code)) return {peer_broke_protocol};
  return {closed_by_peer};
}

std::vector<Cause> causes_of_status(int status) {
  if (status == 502) return {upstream_down, upgrade_misrouted, answer_invalid};
  if (status == 503) return {overloaded, upstream_down};
  if (status == 504) return {upstream_hangs};
  return {of_status(status)};
}

}  // namespace wsfault::verdict
