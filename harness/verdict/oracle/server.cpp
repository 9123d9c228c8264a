// The oracle's opinion on a server, connection by connection.
#include "verdict/oracle/server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/gateway_parts.hpp"
#include "verdict/oracle/gateway_words.hpp"
#include "verdict/oracle/server_break.hpp"
#include "verdict/oracle/server_outcome.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

std::string name_of(const Leg& served) {
  if (served.party() == "client") return "the client";
  return fmt::format("the client \"{}\"", served.party());
}

/// What its client did, or what was done to the server, in the words of its seat.
std::string happened_to(const Break& broke) {
  const Effect& effect = broke.effect;
  const bool handshake = broke.state == State::before_101;
  if (effect.detail == message_too_big) return "its message was larger than max_message";
  if (effect.detail == reads_no_more) return "it no longer read";
  switch (effect.kind) {
    case EffectKind::answer:
      return "its request asked for no upgrade";
    case EffectKind::invalid_101:
      return fmt::format("its request was no sound handshake ({})", effect.detail);
    case EffectKind::garbage:
      return "what it sent is not HTTP";
    case EffectKind::silence:
      return handshake ? "it connected and its request was not whole" : "it fell silent";
    case EffectKind::fin:
    case EffectKind::reset:
      if (handshake) return "it left in the handshake";
      return happened(effect, broke.state, "it");
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::reloaded:
      return happened(effect, broke.state, "the server");
    default:
      return happened(effect, broke.state, "it");
  }
}

Finding at_time(Finding finding, std::int64_t at) {
  finding.at = at;
  return finding;
}

class AtServer {
 public:
  AtServer(const Leg& served, const ServerScene& scene) : served_(served), scene_(scene) {}

  std::optional<Finding> judge() const {
    const Leg& seen = served_;
    // Who comes when it is gone finds nobody; that is judged where it is expected.
    if (!serves_at(scene_.log, seen.accepted())) return std::nullopt;
    if (const Opinion bytes = opinion_on_its_bytes(served_); bytes.state != Verdict::holds)
      return duty(bytes);
    const auto broke = server_break(served_, scene_.log, scene_.scenario);
    const bool by_itself = broke && broke->effect.kind == EffectKind::nothing;
    if (!broke || (by_itself && !seen.open())) return unbroken();
    if (by_itself) return ended_by_itself(*broke);
    return broken(*broke);
  }

 private:
  std::optional<Finding> broken(const Break& broke) const {
    const Row row = appropriate(broke.state, broke.effect, model::Role::server, model::Kind::none,
                                scene_.scenario.system.traits, {});
    const ServerCase it = server_case(served_, broke, row, scene_);
    const Opinion opinion = worst_of({opinion_on_server(it, scene_), opinion_on_tcp_end(served_, scene_),
                                      opinion_on_pongs(served_, scene_)});
    // Quiet that nobody imposed and whose time is not up when the run ends was no break.
    const bool up = it.times.notice && scene_.moment.now > *it.times.notice;
    const bool only_quiet = broke.effect.kind == EffectKind::silence && !broke.imposed;
    if (only_quiet && scene_.moment.over && !up && it.did.is(Did::Kind::nothing)) return std::nullopt;
    std::string expected = fmt::format("{} {}", name_of(served_), in_words(row.fine));
    const bool timed = it.times.notice_limit && !row.allows(Outcome::Kind::stays_open);
    if (timed) expected += " within " + format_duration(*it.times.notice_limit);
    expected += " after " + happened_to(broke);
    Finding result = finding_of(opinion, std::move(expected), in_words(it.did, broke.at), served_.number(),
                                cause_of(broke, Duration(0)));
    result.at = it.did.is(Did::Kind::nothing) ? broke.at : it.did.at;
    return result;
  }

  Finding ended_by_itself(const Break& broke) const {
    const Did did = did_to_client(served_, State::open);
    const Duration quiet(broke.at - served_.last_arrival(broke.at));
    const auto idle = scene_.scenario.system.traits.duration("idle_limit");
    const bool stood_still = std::ranges::any_of(scene_.log.process.frozen, [&](const Span& span) {
      return span.from >= served_.accepted() && span.from < broke.at;
    });
    Opinion opinion{Verdict::violated, "the server ended it by itself", Cause::ends_by_itself};
    if (stood_still || (idle && quiet >= scaled(*idle, not_before))) opinion = {};
    return at_time(finding_of(worst_of({opinion, opinion_on_tcp_end(served_, scene_)}),
                              name_of(served_) + " stays open while nothing breaks its connection",
                              in_words(did, served_.last_arrival(broke.at)), served_.number(), Cause::none),
                   broke.at);
  }

  /// Nothing broke: it is let in, and answered.
  std::optional<Finding> unbroken() const {
    const Leg& seen = served_;
    if (seen.request || served_.of->unreachable) {
      if (const Opinion answer = opinion_on_answer(served_, scene_); answer.state != Verdict::holds)
        return answered(answer);
    }
    const Opinion owed = worst_of({opinion_on_places(served_, scene_), opinion_on_pongs(served_, scene_)});
    if (owed.state != Verdict::holds) return duty(owed);
    if (seen.open() && !served_.of->script_over) return still_played();
    return std::nullopt;
  }

  Finding answered(const Opinion& opinion) const {
    const std::int64_t from = served_.request ? served_.request->at : served_.accepted();
    const Did did = did_to_client(served_, State::before_101);
    const auto most = scene_.scenario.system.traits.integer("max_connections");
    std::string expected = name_of(served_) + " is let in";
    if (most) expected += fmt::format(", or gets 503 while all {} places are taken", *most);
    return at_time(
        finding_of(opinion, std::move(expected), in_words(did, from), served_.number(), Cause::none),
        did.is(Did::Kind::nothing) ? from : did.at);
  }

  Finding duty(const Opinion& opinion) const {
    return at_time(finding_of(opinion, name_of(served_) + " is served as RFC 6455 says", "it was open",
                              served_.number(), Cause::none),
                   served_.accepted());
  }

  /// The scenario is over when its clients have done what they were to do. That a moment does not come is
  /// nothing that the server owes.
  Finding still_played() const {
    if (scene_.moment.over && served_.of->awaits.starts_with("wait ")) {
      return finding_of({Verdict::inconclusive, {}, Cause::none, 0},
                        name_of(served_) + " plays its steps to the end",
                        "it was still at: " + served_.of->awaits, served_.number(), Cause::none);
    }
    return finding_of({Verdict::pending, {}, Cause::none, 0},
                      name_of(served_) + " plays its steps to the end", "it has not, so far",
                      served_.number(), Cause::none);
  }

  const Leg& served_;
  const ServerScene& scene_;
};

}  // namespace

/// A server outlives whatever its clients do, and ends when it is told to.
std::optional<Finding> judge_server_process(const ServerScene& scene, std::optional<std::int64_t> cut_off) {
  const ServerLog& log = scene.log;
  const auto exited = log.process.exited_after(log.ready.value_or(0));
  const auto told = log.process.stopped_after(0);
  if (exited && (!told || *told > *exited)) {
    return at_time(finding_of({Verdict::violated, {}, Cause::server_died}, "the server lives on",
                              "its process ended, and nobody had told it to", 0, Cause::none),
                   *exited);
  }
  if (cut_off && log.process.lives() && !scene.moment.over) {
    const std::int64_t due = scene.later(*cut_off, dying);
    if (scene.moment.now < due) return perhaps_dying("server", *cut_off, due);
  }
  const auto stopping =
      std::ranges::find(log.process.events, record::ProcessChange::stopping, &trace::ProcessEvent::change);
  if (stopping == log.process.events.end() || log.process.exited_after(stopping->at)) return std::nullopt;
  // Of a server that runs elsewhere only the wire is known.
  const bool ours = std::ranges::find(log.process.events, record::ProcessChange::started,
                                      &trace::ProcessEvent::change) != log.process.events.end();
  if (!ours) return std::nullopt;
  const auto drain = scene.scenario.system.traits.duration("drain");
  const std::int64_t due = scene.later(stopping->at, drain ? *drain + grace : undeclared);
  return at_time(finding_of(scene.wait_until(due, {}, Cause::drain_endless),
                            "the server's process ends when it is told to stop", "it runs", 0, Cause::none),
                 stopping->at);
}

std::optional<Finding> judge_served(const Leg& served, const ServerScene& scene) {
  return AtServer(served, scene).judge();
}

}  // namespace wsfault::verdict::oracle
