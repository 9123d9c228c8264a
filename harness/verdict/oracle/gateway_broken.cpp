// A gateway one of whose sides failed, or that was struck itself: judged on the other side.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/gateway_handled.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// It got what nobody may send, and then perhaps an end.
std::string passed_words(const Handled& it) {
  const Effect& effect = it.broke().effect;
  std::string text = effect.kind == EffectKind::close_invalid
                         ? std::string("it got the Close with the illegal body, as it came")
                         : fmt::format("it got the illegal frame ({}), as it came", effect.detail);
  const bool then = !it.act.is_nothing() && effect.kind != EffectKind::close_invalid;
  return then ? fmt::format("{}; then {}", text, as_seen(it.act, it.broke().at)) : text;
}

Finding finding_on(const Handled& it, const Opinion& opinion, std::string_view whom) {
  const Break& broke = it.broke();
  std::string expected = fmt::format("{} {}{} after {}", whom, as_seen(it.row.fine),
                                     within_words(it.limits, it.row), what_broke(it.began));
  if (it.pair.attempts > 1 && it.from == it.pair.back)
    expected += fmt::format(" (attempt {})", it.pair.attempts);
  std::string seen = it.passed_illegal ? passed_words(it) : as_seen(it.act, broke.at);
  if (&it.to == it.pair.front) seen += reported(it.to);
  Finding result = finding_of(opinion, std::move(expected), std::move(seen), it.pair.front->number());
  result.broke = what_broke(it.began);
  result.at = it.act.is_nothing() ? broke.at : it.act.at;
  return result;
}

// --- at its client

/// Whatever was killed, something of it serves its client still.
bool still_serves(const Handled& it) {
  constexpr std::int64_t moments = Duration(std::chrono::milliseconds(100)).count();
  return it.broke().effect.kind == EffectKind::killed && !it.to.sent.empty() &&
         it.to.sent.back().at > it.broke().at + moments;
}

/// None: there is nothing to say of it.
std::optional<Opinion> undone_at_client(const Handled& it) {
  const GatewayScene& scene = it.scene;
  const bool process = it.began.by == Began::process;
  const bool tunnel = !scene.is_peer() && it.phase == Phase::open;
  // A tunnel has done its part when the illegal bytes have left it.
  if (tunnel && is_illegal(it.broke().effect) && it.passed) return Opinion{};
  if (const auto left = client_break(it.to, it.scene.scenario.system, false);
      left && left->effect.kind != EffectKind::silence) {
    if (process) return std::nullopt;
    if (!it.limits.due || left->at <= *it.limits.due) return Opinion{};
  }
  if (process && still_serves(it)) return Opinion{};
  if (it.began.by == Began::backend && scene.process.stopped_after(it.broke().at)) return std::nullopt;
  Opinion nothing = on_no_act(it);
  // Quiet that nobody imposed and whose time is not up when the run ends was no break.
  const bool up = it.limits.is_up(scene.horizon);
  if (nothing.state == Verdict::violated && !up && !it.broke().imposed) return std::nullopt;
  return nothing;
}

/// It was told to stop, and killed before its client saw anything of it.
std::optional<Opinion> on_kill(const Handled& it) {
  const auto killed = killed_in_stopping(it.broke(), it.act, it.scene.process);
  if (!killed) return std::nullopt;
  if (it.row.is_fine(ReactionKind::stays_open) || client_break(it.to, it.scene.scenario.system, false)) return Opinion{};
  return it.scene.killed_before(it.limits.declared, it.limits.due.value_or(INT64_MAX), it.broke().at, *killed,
                                "its client saw nothing of it", Cause::no_goodbye, Cause::no_goodbye);
}

// --- at its upstream

/// A peer never passes on what breaks the protocol.
Opinion kept_out(const Handled& it) {
  const bool passed = std::ranges::any_of(
      it.to.broke_itself, [&](const auto& violation) { return violation.index > it.broke().index; });
  if (!passed) return {};
  return Opinion{Verdict::violated, "what is illegal left the gateway", Cause::passes_illegal}.expecting(
      "nothing illegal reaches the upstream");
}

std::string closes(const Leg& front) {
  return fmt::format("{}, which sent what is illegal, gets Close 1002, 1007 or 1009", name_of_client(front));
}

/// And fails the connection that broke it: 1002, 1007 or 1009.
Opinion failed_its_client(const Handled& it) {
  const Leg& front = *it.pair.front;
  const Act act = act_on(front, Phase::open);
  const bool settled = !act.is_nothing() || front.ended;
  if (!settled) {
    return it.scene
        .wait_until(it.scene.later(it.broke().at, grace), "the client that sent it stays open",
                    Cause::bad_frame_accepted)
        .expecting(closes(front));
  }
  if (!act.is(ReactionKind::close))
    return Opinion{Verdict::warned, "that client was ended without a Close (RFC 6455 7.1.7: SHOULD)", Cause::no_close_sent}
        .expecting(closes(front));
  if (act.value == 1002 || act.value == 1007 || act.value == 1009) return {};
  return Opinion{Verdict::violated, fmt::format("that client got {}", act.close), Cause::wrong_close_sent}.expecting(
      closes(front));
}

/// A peer whose own Close gets no answer ends TCP itself.
Opinion ends_tcp_itself(const Handled& it) {
  const GatewayScene& scene = it.scene;
  const Leg& back = it.to;
  const bool answered = back.ended || back.own_end || back.peer_close();
  if (!scene.is_peer() || !it.act.is(ReactionKind::close) || answered) return {};
  if (scene.process.stopped_after(it.broke().at)) return {};
  const std::int64_t due = scene.closing_due(it.act.at);
  if (scene.horizon.over && scene.horizon.now <= due) return {};
  return scene
      .wait_for(scene.declared("close_limit"), due, "the gateway did not end TCP after its Close",
                Cause::limit_too_late, Cause::no_close_limit)
      .expecting("the gateway ends TCP after its Close, where the upstream says none");
}

/// None: there is nothing to say of it.
std::optional<Opinion> opinion_at_upstream(const Handled& it) {
  const bool illegal = is_illegal(it.broke().effect);
  if (illegal && it.scene.is_peer()) return worst_of({kept_out(it), failed_its_client(it)});
  if (illegal && it.passed) return Opinion{};
  if (!it.act.is_nothing()) return worst_of({on_act(it), ends_tcp_itself(it)});
  // Its backend ended of itself, or the gateway was told to go.
  const bool over = it.to.ended || it.to.peer_close() || it.scene.process.stopped_after(it.broke().at);
  return over ? std::nullopt : std::optional(on_no_act(it));
}

}  // namespace

std::optional<Finding> judge_at_client(const Pair& pair, const GatewayBreak& began,
                                       const GatewayScene& scene) {
  const Handled it(pair, began, scene, false);
  const auto killed = on_kill(it);
  const auto opinion = killed               ? std::optional(*killed)
                       : it.act.is_nothing() ? undone_at_client(it)
                                             : std::optional(on_act(it));
  if (!opinion) return std::nullopt;
  return finding_on(it, *opinion, name_of_client(*pair.front));
}

std::optional<Finding> judge_at_upstream(const Pair& pair, const GatewayBreak& began,
                                         const GatewayScene& scene) {
  // Who leaves before the 101 takes nothing along.
  const bool connected = pair.back && pair.back->open() && pair.front->has_101();
  if (!connected) return std::nullopt;
  const Handled it(pair, began, scene, true);
  const auto opinion = opinion_at_upstream(it);
  if (!opinion) return std::nullopt;
  return finding_on(it, *opinion, "the upstream behind the gateway");
}

}  // namespace wsfault::verdict::oracle
