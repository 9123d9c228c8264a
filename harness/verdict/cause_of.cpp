// The causes by which a close code or an HTTP status comes about.
#include "verdict/cause.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict {

using enum Cause;

Cause cause_of_status(int status) {
  if (status == 401 || status == 403) return access_denied;
  if (status == 408 || status == 425 || status == 429 || status == 503) return overloaded;
  if (status == 502 || status == 504) return status == 502 ? answer_invalid : upstream_hangs;
  return upgrade_misrouted;
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
  return {cause_of_status(status)};
}

}  // namespace wsfault::verdict
