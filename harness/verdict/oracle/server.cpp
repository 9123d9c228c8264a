// The oracle's opinion on a server, connection by connection.
#include "verdict/oracle/server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/echoes.hpp"
#include "verdict/oracle/idle.hpp"
#include "verdict/oracle/limits.hpp"
#include "verdict/oracle/server_break.hpp"
#include "verdict/oracle/server_scene.hpp"
#include "verdict/oracle/words.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// What its client did, or what was done to the server, in the words of its seat.
std::string happened_to(const Break& broke) {
  const Effect& effect = broke.effect;
  const bool handshake = broke.phase == Phase::before_101;
  if (effect.detail == message_too_big) return "its message was larger than max_message";
  if (effect.detail == reads_no_more) return "it no longer read";
  if (effect.detail == untold) return "the server's process ended by itself";
  switch (effect.kind) {
    case EffectKind::answer:
      return "its request asked for no upgrade";
    case EffectKind::invalid_101:
      return fmt::format("its request was no sound handshake ({})", effect.detail);
    case EffectKind::tls_failure:
      return "it broke the TLS handshake off";
    case EffectKind::garbage:
      return fmt::format("what it sent is not HTTP ({})", quoted_start(effect.start));
    case EffectKind::silence:
      return handshake ? "it connected and its request was not whole" : "it fell silent";
    case EffectKind::fin:
    case EffectKind::reset:
      if (handshake) return "it left in the handshake";
      return "it " + deed(effect, broke.phase);
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::reloaded:
      return "the server " + deed(effect, broke.phase);
    default:
      return "it " + deed(effect, broke.phase);
  }
}

/// The same without a name before it.
std::string in_full(const std::string& happened) {
  if (happened.starts_with("it ")) return "the client" + happened.substr(2);
  return happened.starts_with("its ") ? "the client's" + happened.substr(3) : happened;
}

/// A break of one of its connections, and what it came to.
struct ServerCase {
  const Leg& served;
  const Break& broke;
  Row row;
  Limits limits;
  Act act;

  ServerCase(const Leg& served, const Break& broke, const ServerScene& scene)
      : served(served),
        broke(broke),
        row(appropriate({model::Role::server}, broke.phase, broke.effect, scene.traits())),
        limits(limits_of(broke, row, scene)),
        act(act_on(served, broke.phase)) {
    // It may go as soon as it is told to.
    if (broke.effect.kind == EffectKind::stopped) limits.earliest = broke.at;
    // The end of TCP may be seen before that of the process.
    if (broke.effect.detail == untold) limits.earliest = 0;
  }
};

/// What it is that a server lacks which did not do what is due.
Cause lack_of(const ServerCase& it) {
  // It did refuse it, in other words than are due.
  const bool refused = it.broke.phase != Phase::before_101 && it.act.is(ReactionKind::close);
  switch (it.broke.effect.kind) {
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
      return it.broke.phase == Phase::before_101 ? Cause::request_unchecked : Cause::bad_frame_accepted;
    case EffectKind::illegal_frame:
      if (refused) return Cause::wrong_close_sent;
      return it.broke.effect.detail == message_too_big ? Cause::no_message_limit : Cause::bad_frame_accepted;
    case EffectKind::bad_compression:
    case EffectKind::close_invalid:
      return refused ? Cause::wrong_close_sent : Cause::bad_frame_accepted;
    case EffectKind::close:
      if (!wire::may_be_on_wire(it.broke.effect.value))
        return it.act.is(ReactionKind::close) && it.act.value == it.broke.effect.value
                   ? Cause::illegal_code_echoed
                   : Cause::bad_frame_accepted;
      // It took a legal code for an illegal one.
      if (it.act.is(ReactionKind::close) && (it.act.value == 1002 || it.act.value == 1007))
        return Cause::code_unknown;
      return Cause::no_close_reply;
    case EffectKind::close_empty:
      return Cause::no_close_reply;
    case EffectKind::silence:
      if (it.broke.effect.detail == reads_no_more) return Cause::no_write_limit;
      return it.broke.phase == Phase::before_101 ? Cause::no_handshake_limit : Cause::no_heartbeat;
    case EffectKind::stopped:
      if (it.act.is_nothing()) return Cause::drain_endless;
      return it.broke.phase == Phase::before_101 ? Cause::no_503_on_stop : Cause::no_goodbye;
    case EffectKind::nothing:
    case EffectKind::reloaded:
      return Cause::ends_by_itself;
    default:
      return Cause::tcp_kept;
  }
}

/// What says why is a SHOULD (RFC 6455 7.1.7), and an answer before the end a courtesy.
std::string_view mildly(const ServerCase& it) {
  if (it.act.is(ReactionKind::ends)) {
    return it.broke.phase == Phase::before_101 ? "it ended the connection without an answer"
                                               : "it ended the connection without a Close (RFC 6455 7.1.7: SHOULD)";
  }
  return "another answer than the usual";
}

/// Is it in the row, and in its time?
Opinion on_act(const ServerCase& it, const ServerScene& scene) {
  if (const auto killed = killed_in_stopping(it.broke, it.act, scene.process)) {
    return scene.killed_before(it.limits.declared, it.limits.due.value_or(INT64_MAX), it.broke.at, *killed,
                               "it did nothing", Cause::drain_endless, Cause::drain_endless);
  }
  const Cause lack = lack_of(it);
  if (it.act.is_nothing()) {
    // What follows an RST nobody sees; and the end of a killed process is its kernel's affair.
    if (is_out_of_sight(it.served) || it.broke.effect.kind == EffectKind::killed) return {};
    return on_nothing(it.limits, it.row, scene, lack);
  }
  const Opinion timely = in_time(it.act.at, it.limits, it.row, lack);
  if (any_matches(it.row.fine, it.act)) return timely;
  if (any_matches(it.row.warned, it.act))
    return worst_of({{Verdict::warned, std::string(mildly(it)), lack}, timely});
  return {Verdict::violated, {}, lack};
}

class AtServer {
 public:
  AtServer(const Leg& served, const ServerScene& scene) : served_(served), scene_(scene) {}

  std::optional<Finding> judge() const {
    const Leg& seen = served_;
    // Who comes when it is gone finds nobody; that is judged where it is expected.
    if (!serves_at(scene_.process, seen.accepted())) return std::nullopt;
    const auto broke = server_break(served_, scene_.process, scene_.scenario);
    const bool by_itself = broke && broke->effect.kind == EffectKind::nothing;
    if (!broke || (by_itself && !seen.open())) return unbroken();
    if (by_itself) return ended_by_itself(*broke);
    return broken(*broke);
  }

 private:
  std::optional<Finding> broken(const Break& broke) const {
    const ServerCase it(served_, broke, scene_);
    const Opinion opinion = worst_of({on_act(it, scene_), on_tcp_end(served_, scene_),
                                      on_pongs(served_, scene_), on_echoes(served_, scene_)});
    // Quiet that nobody imposed and whose time is not up when the run ends was no break.
    const bool up = it.limits.is_up(scene_.horizon);
    const bool only_quiet = broke.effect.kind == EffectKind::silence && !broke.imposed;
    if (only_quiet && scene_.horizon.over && !up && it.act.is_nothing()) return std::nullopt;
    std::string expected = fmt::format("{} {}", name_of(served_), as_seen(it.row.fine));
    expected += within_words(it.limits, it.row);
    expected += " after " + happened_to(broke);
    Finding result = finding_of(opinion, std::move(expected), as_seen(it.act, broke.at), served_.number());
    result.broke = in_full(happened_to(broke));
    result.at = it.act.is_nothing() ? broke.at : it.act.at;
    return result;
  }

  Finding ended_by_itself(const Break& broke) const {
    const Act act = act_on(served_, Phase::open);
    const Duration quiet(broke.at - served_.last_arrival(broke.at));
    const auto idle = scene_.limit("idle_limit");
    const bool stood_still = std::ranges::any_of(scene_.process.frozen, [&](const Span& span) {
      return span.from >= served_.accepted() && span.from < broke.at;
    });
    Opinion opinion{Verdict::violated, "the server ended it by itself", Cause::ends_by_itself};
    if (const std::string_view harm = served_.harm_on_the_way(broke.at); !harm.empty()) {
      opinion.state = Verdict::warned;
      opinion.says += fmt::format(": {}", harm);
    }
    if (const auto by_messages = on_idle_by_messages({&served_}, broke.at, scene_)) opinion = *by_messages;
    if (stood_still || (idle && quiet >= scaled(*idle, not_before))) opinion = {};
    if (const auto late = on_late_idle(last_activity(served_, broke.at), broke.at, scene_);
        late && !stood_still)
      opinion = *late;
    return at_time(finding_of(worst_of({opinion, on_tcp_end(served_, scene_), on_echoes(served_, scene_)}),
                              name_of(served_) + " stays open while nothing breaks its connection",
                              as_seen(act, served_.last_arrival(broke.at)), served_.number()),
                   broke.at);
  }

  /// Nothing broke: it is let in, and answered.
  std::optional<Finding> unbroken() const {
    const Leg& seen = served_;
    if (seen.request || served_.of->unreachable) {
      if (const Opinion answer = on_answer(served_, scene_); answer.state != Verdict::holds)
        return answered(answer);
    }
    const Opinion owed =
        worst_of({on_places(served_, scene_), on_pongs(served_, scene_), on_echoes(served_, scene_)});
    if (owed.state != Verdict::holds) return duty(owed);
    if (auto idle = judge_idle(served_, scene_)) return idle;
    if (seen.open() && !served_.of->script_over) return still_played();
    return std::nullopt;
  }

  Finding answered(const Opinion& opinion) const {
    const std::int64_t from = served_.request ? served_.request->at : served_.accepted();
    const Act act = act_on(served_, Phase::before_101);
    const auto most = scene_.traits().integer("max_connections");
    std::string expected = name_of(served_) + " is let in";
    if (most) expected += fmt::format(", or gets 503 while all {} places are taken", *most);
    return at_time(finding_of(opinion, std::move(expected), as_seen(act, from), served_.number()),
                   act.is_nothing() ? from : act.at);
  }

  Finding duty(const Opinion& opinion) const {
    return at_time(finding_of(opinion, name_of(served_) + " gets what RFC 6455 owes it", {}, served_.number()),
                   served_.accepted());
  }

  /// The scenario is over when its clients have done what they were to do. That a moment does not come is
  /// nothing that the server owes.
  Finding still_played() const {
    if (scene_.horizon.over && served_.of->awaits.starts_with("wait ")) {
      return finding_of({Verdict::inconclusive, {}, Cause::none, 0},
                        name_of(served_) + " plays its steps to the end",
                        "it was still at: " + served_.of->awaits, served_.number());
    }
    return finding_of({Verdict::pending, {}, Cause::none, 0},
                      name_of(served_) + " plays its steps to the end", "it has not, so far",
                      served_.number());
  }

  const Leg& served_;
  const ServerScene& scene_;
};

}  // namespace

std::string name_of(const Leg& served) {
  if (served.party() == "client") return "the client";
  return fmt::format("the client \"{}\"", served.party());
}

/// A server outlives whatever its clients do, and ends when it is told to.
std::optional<Finding> judge_server_process(const ServerScene& scene, std::optional<std::int64_t> cut_off) {
  if (auto finding = judge_life(scene, "server", Cause::server_died, cut_off)) return finding;
  const auto& events = scene.process.events;
  const auto change = [&](record::ProcessChange wanted) {
    return std::ranges::find(events, wanted, &trace::ProcessEvent::change);
  };
  const auto stopping = change(record::ProcessChange::stopping);
  if (stopping == events.end()) return std::nullopt;
  const auto killed = scene.process.killed_in_stopping(stopping->at);
  if (!killed && scene.process.exited_after(stopping->at)) return std::nullopt;
  // Of a server that runs elsewhere only the wire is known.
  const bool ours = change(record::ProcessChange::started) != events.end();
  if (!ours) return std::nullopt;
  const Declared drain = scene.declared("drain");
  const std::int64_t due = scene.due_after(stopping->at, drain);
  const Opinion opinion = killed ? scene.killed_before(drain, due, stopping->at, *killed, "it ran on",
                                                       Cause::drain_endless, Cause::drain_endless)
                                 : scene.wait_for(drain, due, "it did not end", Cause::drain_endless,
                                                  Cause::drain_endless);
  return at_time(finding_of(opinion, "the server's process ends when it is told to stop", killed ? "" : "it runs", 0),
                 stopping->at);
}

std::optional<Finding> judge_echoes(const Leg& served, const ServerScene& scene) {
  ServerScene so_far = scene;
  so_far.horizon.over = false;  // what may still come is not missing
  const Opinion opinion = on_echoes(served, so_far);
  if (opinion.state != Verdict::violated) return std::nullopt;
  return at_time(finding_of(opinion, name_of(served) + " gets its echoes", {}, served.number()), served.accepted());
}

std::optional<Finding> judge_served(const Leg& served, const ServerScene& scene) {
  return AtServer(served, scene).judge();
}

}  // namespace wsfault::verdict::oracle
