// What no backend had to do with: a gateway that acts by itself, never reaches one, or loses the upgrade.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/gateway_scene.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// Shorter silences are pauses of a conversation, not idleness.
constexpr Duration idle = std::chrono::milliseconds(500);

/// The gateway asked for no upgrade behind, though its client act.
Finding lost_upgrade(const Pair& pair) {
  const Act act = act_on(*pair.front, Phase::before_101);
  const std::string expected = "the upgrade reaches the upstream with its Upgrade and Connection headers";
  std::string seen = "the upstream got a plain HTTP request";
  if (pair.plain->status) seen += fmt::format(", and answered {}", *pair.plain->status);
  seen += fmt::format("; {}: {}", name_of_client(*pair.front), as_seen(act, pair.plain->at));
  return at_time(finding_of({Verdict::violated, {}, Cause::upgrade_headers_dropped}, expected, seen,
                            pair.front->number()),
                 pair.plain->at);
}

std::string instead(const Act& act) {
  switch (act.kind) {
    case ReactionKind::status:
      return fmt::format("it answered {} instead", act.value);
    case ReactionKind::opens:
      return "it answered 101 all the same";
    case ReactionKind::garbage:
      return "it answered with something that is not HTTP";
    case ReactionKind::close:
      return fmt::format("it sent {} instead", act.close);
    case ReactionKind::ends:
      return "it ended TCP instead";
    default:
      return "it answered nothing";
  }
}

/// The gateway was never seen to reach for a backend, in the whole run.
Finding unreached(const Pair& pair, const Act& act, std::int64_t from, bool asked_plainly) {
  const Opinion opinion{Verdict::inconclusive, {},
                        asked_plainly ? Cause::upgrade_headers_dropped : Cause::never_contacted};
  const char* seen = asked_plainly ? "the upstream got a plain HTTP request, and no request for the upgrade; "
                                   : "the gateway never connected to the upstream; ";
  return at_time(finding_of(opinion, "the gateway connects to the upstream, and asks it for the upgrade",
                            seen + instead(act), pair.front->number()),
                 act.is_nothing() ? from : act.at);
}

/// Started again since the beginning, before `at`.
bool is_new_process(const Pairing& pairing, std::int64_t at) {
  return std::ranges::any_of(pairing.process.events, [&](const trace::ProcessEvent& event) {
    return event.change == record::ProcessChange::started && event.at > pairing.ready.value_or(0) && event.at <= at;
  });
}

/// It reached for one for others, but not for this client.
Finding invented(const Pair& pair, const Act& act, std::int64_t from, const Pairing& pairing) {
  // A process that was started anew remembers nothing.
  const bool failed_before = (pairing.backend_struck || !pairing.refused.empty()) && !is_new_process(pairing, from);
  const Cause cause = failed_before ? Cause::remembers_failure : Cause::answers_by_itself;
  return at_time(
      finding_of({Verdict::violated, {}, cause},
                 fmt::format("{} is let in, or gets what the upstream answers", name_of_client(*pair.front)),
                 "the gateway did not try the upstream; " + as_seen(act, from), pair.front->number()),
      act.at);
}

/// A limit of its own for idle connections, where the connection was silent.
Opinion on_idle(const Pair& pair, std::int64_t at, const GatewayScene& scene) {
  const Duration quiet(at - last_activity(pair, at));
  const Duration one_way(at - last_on_quieter_side(pair, at));
  const std::string silent =
      fmt::format("after {} of silence, with its upstream still there", measured(quiet));
  const auto limit = scene.limit("idle_limit");
  if (const auto late = on_late_idle(last_activity(pair, at), at, scene)) return *late;
  if (limit && quiet >= scaled(*limit, not_before)) return {Verdict::holds, silent};
  if (scene.is_peer()) {
    if (auto by_messages = on_idle_by_messages({pair.front, pair.back}, at, scene)) return *by_messages;
  }
  if (limit && one_way >= scaled(*limit, not_before)) {
    return {Verdict::warned, "its idle limit counts only one direction", Cause::gateway_idle_limit};
  }
  if (quiet < idle) return {Verdict::violated, "the gateway ended it by itself", Cause::ends_by_itself};
  if (limit) return {Verdict::violated, "before its idle limit: " + silent, Cause::gateway_idle_limit};
  return {Verdict::violated, silent, Cause::gateway_idle_limit};
}

/// A peer may tell a silent client why it goes.
bool may_be_idle(const Act& act) {
  return act.is(ReactionKind::ends) ||
         (act.is(ReactionKind::close) &&
          (act.value == 1001 || act.value == 1000 || act.value == 1008 || act.value == 1011));
}

}  // namespace

std::optional<Finding> judge_without_backend(const Pair& pair, const GatewayScene& scene) {
  const Leg& seen = *pair.front;
  const auto& asked = seen.peer().request;
  // On the way to the gateway the upgrade was lost already, or the request is not whole.
  if (!asked || (seen.request && !seen.request->fact->upgrade)) return std::nullopt;
  if (pair.plain) return lost_upgrade(pair);
  Act act = act_on(*pair.front, Phase::before_101);
  if (act.is(ReactionKind::opens)) act = act_on(*pair.front, Phase::open);
  const std::int64_t from = asked->at;
  if (!act.is_nothing())
    return scene.pairing.contacted ? invented(pair, act, from, scene.pairing) : unreached(pair, act, from, scene.pairing.asked_plainly);
  if (seen.ended || scene.process.stopped_after(seen.accepted())) return std::nullopt;
  const Declared limit = scene.declared("connect_limit");
  const Opinion opinion = scene.wait_for(limit, scene.due_after(from, limit), "it did not connect",
                                         Cause::answers_by_itself, Cause::answers_by_itself);
  const bool undecided = opinion.state == Verdict::inconclusive && scene.pairing.contacted;
  if (opinion.state == Verdict::pending || undecided)
    return finding_of(opinion, "the gateway connects to the upstream", "not so far", pair.front->number());
  if (opinion.state == Verdict::holds) return std::nullopt;
  return scene.pairing.contacted ? invented(pair, act, from, scene.pairing) : unreached(pair, act, from, scene.pairing.asked_plainly);
}

std::optional<Finding> judge_by_itself(const Pair& pair, const GatewayBreak& began,
                                       const GatewayScene& scene) {
  const Phase phase = began.broke.phase;
  const Act act = act_on(*pair.front, phase);
  const std::int64_t at = began.broke.at;
  const std::int64_t from = last_activity(pair, at);
  if (phase == Phase::before_101 || (act.is(ReactionKind::opens) && act.flawed)) {
    const bool misread = pair.back && pair.back->interim;
    const Opinion opinion{Verdict::violated, "nothing was wrong behind the gateway",
                          misread ? Cause::interim_misread : Cause::answers_by_itself};
    return at_time(finding_of(opinion, name_of_client(*pair.front) + " is let in", as_seen(act, from),
                              pair.front->number()),
                   at);
  }
  Opinion opinion =
      may_be_idle(act) ? worst_of({on_idle(pair, at, scene), on_withheld(pair, scene)})
                       : Opinion{Verdict::violated, "the gateway closed it by itself", Cause::ends_by_itself};
  return at_time(
      finding_of(opinion, name_of_client(*pair.front) + " stays open while nothing breaks the connection",
                 as_seen(act, from) + reported(*pair.front), pair.front->number()),
      at);
}

}  // namespace wsfault::verdict::oracle
