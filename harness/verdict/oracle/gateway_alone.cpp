// What no backend had to do with: a gateway that acts by itself, never reaches one, or loses the upgrade.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_parts.hpp"
#include "verdict/oracle/gateway_words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// Shorter silences are pauses of a conversation, not idleness.
constexpr Duration idle = std::chrono::milliseconds(500);

Finding with_time(Finding finding, std::int64_t at) {
  finding.at = at;
  return finding;
}

/// The gateway asked for no upgrade behind, though its client did.
Finding lost_upgrade(const Pair& pair) {
  const Did did = did_to_client(*pair.front, State::before_101);
  const std::string expected = "the upgrade reaches the upstream with its Upgrade and Connection headers";
  std::string seen = "it reached it as a plain HTTP request";
  if (pair.plain->status) seen += fmt::format(", which was answered {}", *pair.plain->status);
  seen += "; " + in_words(did, pair.plain->at);
  return with_time(finding_of({Verdict::violated, {}, Cause::upgrade_headers_dropped}, expected, seen,
                              pair.front->number(), Cause::none),
                   pair.plain->at);
}

std::string instead(const Did& did) {
  switch (did.kind) {
    case Did::Kind::answer:
      return fmt::format("it answered {} instead", did.value);
    case Did::Kind::open:
      return "it answered 101 all the same";
    case Did::Kind::garbage:
      return "it answered with something that is not HTTP";
    case Did::Kind::close:
      return fmt::format("it sent Close {} instead", did.value);
    case Did::Kind::end:
      return "it ended TCP instead";
    case Did::Kind::nothing:
      return "it answered nothing";
  }
  return {};
}

/// The gateway was never seen to reach for a backend, in the whole run.
Finding unreached(const Pair& pair, const Did& did, std::int64_t from) {
  const Opinion opinion{Verdict::inconclusive, {}, Cause::never_contacted};
  return with_time(finding_of(opinion, "the gateway connects to the upstream",
                              "the gateway never connected to the upstream; " + instead(did),
                              pair.front->number(), Cause::none),
                   did.is(Did::Kind::nothing) ? from : did.at);
}

/// It reached for one for others, but not for this client.
Finding invented(const Pair& pair, const Did& did, std::int64_t from, const GatewayLog& log) {
  const bool failed_before = log.backend_struck || !log.refused.empty();
  const Cause cause = failed_before ? Cause::remembers_failure : Cause::answers_by_itself;
  return with_time(
      finding_of({Verdict::violated, {}, cause},
                 fmt::format("{} is let in, or gets what the upstream answers", name_of_client(*pair.front)),
                 "the gateway did not try the upstream; " + in_words(did, from), pair.front->number(),
                 Cause::none),
      did.at);
}

/// A limit of its own for idle connections, where the connection was silent.
Opinion opinion_on_idle(const Pair& pair, std::int64_t at, const Case& scenario) {
  const Duration quiet(at - last_activity(pair, at));
  const Duration one_way(at - last_on_quieter_side(pair, at));
  const std::string silent =
      fmt::format("after {} of silence, with its upstream still there", measured(quiet));
  const auto limit = scenario.system.traits.duration("idle_limit");
  if (limit && quiet >= scaled(*limit, not_before)) return {Verdict::holds, silent};
  if (limit && one_way >= scaled(*limit, not_before)) {
    return {Verdict::warned, "its idle limit counts one direction alone", Cause::gateway_idle_limit};
  }
  if (quiet < idle) return {Verdict::violated, "the gateway ended it by itself", Cause::ends_by_itself};
  if (limit) return {Verdict::violated, "before its idle limit: " + silent, Cause::gateway_idle_limit};
  return {Verdict::violated, silent, Cause::gateway_idle_limit};
}

/// A peer may tell a silent client why it goes.
bool may_be_idle(const Did& did) {
  return did.is(Did::Kind::end) || (did.is(Did::Kind::close) && (did.value == 1001 || did.value == 1000 ||
                                                                 did.value == 1008 || did.value == 1011));
}

}  // namespace

std::optional<Finding> judge_alone(const Pair& pair, const Scene& scene) {
  const Leg& seen = *pair.front;
  const auto& asked = seen.peer().request;
  // On the way to the gateway the upgrade was lost already, or the request is not whole.
  if (!asked || (seen.request && !seen.request->fact->upgrade)) return std::nullopt;
  if (pair.plain) return lost_upgrade(pair);
  Did did = did_to_client(*pair.front, State::before_101);
  if (did.is(Did::Kind::open)) did = did_to_client(*pair.front, State::open);
  const std::int64_t from = asked->at;
  if (!did.is(Did::Kind::nothing))
    return scene.log.contacted ? invented(pair, did, from, scene.log) : unreached(pair, did, from);
  if (seen.ended || scene.log.process.stopped_after(seen.accepted())) return std::nullopt;
  const auto limit = scene.scenario.system.traits.duration("connect_limit");
  const std::int64_t due = scene.later(from, limit ? *limit + grace : undeclared);
  Opinion opinion = wait_until(due, {}, Cause::answers_by_itself, scene);
  if (opinion.state == Verdict::pending)
    return finding_of(opinion, "the gateway connects to the upstream", "not so far", pair.front->number(),
                      Cause::none);
  if (opinion.state == Verdict::holds) return std::nullopt;
  return scene.log.contacted ? invented(pair, did, from, scene.log) : unreached(pair, did, from);
}

std::optional<Finding> judge_waiting(const Pair& pair, const Scene& scene) {
  const Leg& front = *pair.front;
  const bool has_something = front.answer || front.garbled || front.over();
  if (has_something || !pair.back || !pair.back->open()) return std::nullopt;
  const std::int64_t let_in = pair.back->opened_at();
  const Cause cause = pair.back->interim ? Cause::interim_misread : Cause::hides_the_failure;
  const Opinion opinion = wait_until(scene.later(let_in, grace), {}, cause, scene);
  return with_time(
      finding_of(opinion, name_of_client(front) + " is let in within 1s after the upstream answered 101",
                 "it got nothing", front.number(), Cause::none),
      let_in);
}

std::optional<Finding> judge_by_itself(const Pair& pair, const GatewayBreak& began, const Scene& scene) {
  const State state = began.broke.state;
  const Did did = did_to_client(*pair.front, state);
  const std::int64_t at = began.broke.at;
  const std::int64_t from = last_activity(pair, at);
  if (state == State::before_101 || (did.is(Did::Kind::open) && did.flawed)) {
    const bool misread = pair.back && pair.back->interim;
    const Opinion opinion{Verdict::violated, "nothing was wrong behind the gateway",
                          misread ? Cause::interim_misread : Cause::answers_by_itself};
    return with_time(finding_of(opinion, name_of_client(*pair.front) + " is let in", in_words(did, from),
                                pair.front->number(), Cause::none),
                     at);
  }
  Opinion opinion =
      may_be_idle(did) ? opinion_on_idle(pair, at, scene.scenario)
                       : Opinion{Verdict::violated, "the gateway closed it by itself", Cause::ends_by_itself};
  return with_time(
      finding_of(opinion, name_of_client(*pair.front) + " stays open while nothing breaks the connection",
                 in_words(did, from) + reported(*pair.front), pair.front->number(), Cause::none),
      at);
}

}  // namespace wsfault::verdict::oracle
