// The end of TCP behind a closing handshake, in front of a gateway.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/gateway_scene.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// From when on nothing keeps it from ending TCP to its client. A peer is a server there, which ends TCP
/// first (RFC 6455 7.1.1); a tunnel passes on what its backend does.
std::optional<std::int64_t> free_to_end(const Pair& pair, const GatewayScene& scene) {
  const auto own = pair.front->own_close();
  const auto peer = pair.front->peer_close();
  if (!own || !peer) return std::nullopt;
  const std::int64_t both = std::max(own->at, peer->at);
  if (scene.is_peer()) return both;
  const bool over = pair.back && pair.back->ended;
  return over ? std::optional(std::max(both, pair.back->ended->at)) : std::nullopt;
}

}  // namespace

std::optional<Finding> judge_front_end(const Pair& pair, const GatewayScene& scene) {
  const Leg& front = *pair.front;
  const auto from = free_to_end(pair, scene);
  if (!from || !front.quiet.empty()) return std::nullopt;
  const std::int64_t due = scene.later(*from, grace);
  const bool client_was_first = front.ended && front.ended->at <= due;
  const auto gone = scene.process.exited_after(*from);
  if (client_was_first || (gone && *gone <= due)) return std::nullopt;
  const Cause cause = scene.is_peer() ? Cause::tcp_left_open : Cause::left_open;
  Opinion opinion;
  if (!front.own_end) {
    opinion = scene.wait_until(due, "it did not", cause);
  } else if (front.own_end->at > due) {
    opinion = {Verdict::violated,
               fmt::format("it did so {} too late", measured(Duration(front.own_end->at - due))), cause};
  }
  if (opinion.state == Verdict::holds) return std::nullopt;
  return at_time(
      finding_of(opinion,
                 fmt::format(
                     "the gateway ends TCP to {} within 1s after {}", name_of_client(front),
                     scene.is_peer() ? "both have said Close" : "its upstream has, and both have said Close"),
                 {}, front.number()),
      *from);
}

}  // namespace wsfault::verdict::oracle
