// What a gateway has to deal with on one of its clients' connections.
#include "verdict/oracle/gateway_break.hpp"

#include <algorithm>

#include "verdict/oracle/deadlines.hpp"
#include "wire/utf8.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::EndKind;
using record::ProcessChange;

Effect of_close(const record::FrameSeen& close) {
  if (close.length == 0) return {EffectKind::close_empty, 1005};
  if (!close.code || !wire::is_utf8(close.text)) return EffectKind::close_invalid;
  return {EffectKind::close, *close.code};
}

/// The gateway gave up on a client that left a ping without an answer.
std::optional<Break> unanswered_ping(const Leg& front) {
  const auto act = first_act(front);
  if (!act || !front.has_101()) return std::nullopt;
  const auto index = [](const SeenFrame& frame) { return frame.index; };
  const auto& pongs = front.received_heartbeats.pongs();
  const auto& pings = front.sent_heartbeats.pings();
  const auto next_pong = std::ranges::lower_bound(pongs, act->index, {}, index);
  const std::size_t pong = next_pong == pongs.begin() ? 0 : (next_pong - 1)->index;
  const auto ping = std::ranges::lower_bound(pings, pong, {}, index);
  if (ping == pings.end() || ping->index > act->index) return std::nullopt;
  Break silence{.state = State::open, .effect = EffectKind::silence, .at = ping->at};
  silence.earliest_from = front.last_arrival(ping->at);
  silence.imposed = true;
  silence.index = ping->index;
  return silence;
}

std::optional<Break> client_silence(const Leg& front) {
  for (const Quiet& quiet : front.quiet) {
    // Who does not read is there all the same.
    if (quiet.until || quiet.kind == record::EffectKind::stalled) continue;
    Break silence{.state = State::open, .effect = EffectKind::silence, .at = quiet.from};
    silence.earliest_from = front.last_arrival(quiet.from);
    silence.imposed = true;
    return silence;
  }
  return std::nullopt;
}

/// What came from behind, as far as a backend did it.
std::optional<Break> backend_break(const Pair& pair, const GatewayLog& log, const Case& scenario) {
  if (!pair.back) {
    if (!pair.refused) return std::nullopt;
    return at_event(State::before_101, EffectKind::refused, *pair.refused, pair.front->index());
  }
  auto broke = first_break(*pair.back, log.process);
  if (!broke) return std::nullopt;
  const EffectKind kind = broke->effect.kind;
  const bool of_gateway = kind == EffectKind::stopped || kind == EffectKind::frozen ||
                          kind == EffectKind::nothing || broke->state == State::closing;
  if (of_gateway) return std::nullopt;
  broke->effect.unanswered = broke->state == State::before_101;
  // Only a gateway that pings can miss a pong.
  const bool pings = sends_pings(scenario.system);
  const bool only_quiet = kind == EffectKind::silence && !broke->imposed;
  if (only_quiet && broke->state == State::open && !pings) return std::nullopt;
  return broke;
}

std::optional<Break> process_break(const Pair& pair, const GatewayLog& log, std::int64_t until) {
  for (const trace::ProcessEvent& event : log.process.events) {
    if (event.at < pair.front->accepted() || event.at > until) continue;
    const State state =
        pair.front->has_101() && pair.front->answer->at <= event.at ? State::open : State::before_101;
    const auto is = [&](EffectKind kind) { return at_event(state, kind, event.at, pair.front->index()); };
    if (event.change == ProcessChange::killed) return is(EffectKind::killed);
    if (event.change == ProcessChange::stopping) return is(EffectKind::stopped);
    if (event.change == ProcessChange::reloaded) return is(EffectKind::reloaded);
  }
  return std::nullopt;
}

Break by_itself(const Pair& pair, const Act& act) {
  const State state = pair.front->has_101() ? State::open : State::before_101;
  return at_event(state, EffectKind::nothing, act.at, act.index);
}

/// The later of two arrivals on each side, each before `until`.
std::int64_t arrival_on(const Leg& leg, std::int64_t until) { return leg.last_arrival(until); }

/// A ping was under way as the gateway acted: that is none that it had given up.
bool is_young_silence(const Break& broke, std::int64_t acted_at, const model::System& system) {
  const Duration limit = system.traits.duration("heartbeat_timeout").value_or(Duration(0));
  return broke.effect.kind == EffectKind::silence &&
         Duration(acted_at - broke.at) < scaled(limit, not_before);
}

bool before(const std::optional<Break>& one, const std::optional<Break>& other) {
  return one && (!other || one->at < other->at || (one->at == other->at && one->index < other->index));
}

}  // namespace

std::optional<Act> first_act(const Leg& front) {
  std::optional<Act> first;
  const auto earlier = [&](std::int64_t at, std::size_t index) {
    if (!first || index < first->index) first = Act{at, index};
  };
  if (front.answer && (!front.has_101() || !front.answer->fact->flaws->empty()))
    earlier(front.answer->at, front.answer->index);
  if (front.garbled) earlier(front.garbled->at, front.garbled->index);
  if (const auto close = front.own_close()) earlier(close->at, close->index);
  if (front.own_end) earlier(front.own_end->at, front.own_end->index);
  return first;
}

std::int64_t last_activity(const Pair& pair, std::int64_t until) {
  const std::int64_t front = arrival_on(*pair.front, until);
  return pair.back ? std::max(front, arrival_on(*pair.back, until)) : front;
}

std::int64_t last_on_quieter_side(const Pair& pair, std::int64_t until) {
  const std::int64_t front = arrival_on(*pair.front, until);
  return pair.back ? std::min(front, arrival_on(*pair.back, until)) : front;
}

bool sends_pings(const model::System& system) {
  return system.kind == model::Kind::websocket && system.traits.duration("heartbeat");
}

std::optional<Break> client_break(const Leg& front, bool pings) {
  const Leg& seen = front;
  const State state = front.has_101() ? State::open : State::before_101;
  std::optional<Break> first;
  const auto earlier = [&](Break found) {
    if (!first || found.index < first->index) first = std::move(found);
  };
  for (const auto& violation : seen.violations) {
    const std::string& name = violation.fact->violation;
    if (name.starts_with("close-") || name == "truncated-frame") continue;
    earlier(at_event(state, {EffectKind::illegal_frame, 0, name}, violation.at, violation.index));
  }
  if (const auto close = seen.peer_close())
    earlier(at_event(state, of_close(*close->fact), close->at, close->index));
  if (seen.ended) {
    const EffectKind kind = seen.ended->fact->how == EndKind::fin ? EffectKind::fin : EffectKind::reset;
    earlier(at_event(state, {kind, 0, seen.ended->fact->inside}, seen.ended->at, seen.ended->index));
  }
  if (first) return first;
  if (auto large = refused_for_its_size(seen)) return large;
  const auto silence = client_silence(front);
  return silence || !pings ? silence : unanswered_ping(front);
}

bool closed_at_once(const Pair& pair) {
  if (!pair.back || !pair.front->peer().own_close() || !pair.back->peer().own_close()) return false;
  const auto unheard = [](const Leg& leg) {
    const auto& arrived = leg.peer().peer_close();
    return !arrived || leg.peer().own_close()->index < arrived->index;
  };
  return unheard(*pair.front) && unheard(*pair.back);
}

std::optional<GatewayBreak> gateway_break(const Pair& pair, const GatewayLog& log, const Case& scenario) {
  const auto act = first_act(*pair.front);
  const auto in_time = [&](const Break& broke) {
    return !act || broke.at < act->at || (broke.at == act->at && broke.index < act->index);
  };
  std::optional<Break> backend = backend_break(pair, log, scenario);
  std::optional<Break> client = client_break(*pair.front, sends_pings(scenario.system));
  if (backend && !in_time(*backend)) backend.reset();
  if (client && !in_time(*client)) client.reset();
  const auto process = process_break(pair, log, act ? act->at : INT64_MAX);
  if (process && process->effect.kind == EffectKind::reloaded && act) {
    for (std::optional<Break>* broke : {&backend, &client}) {
      if (*broke && is_young_silence(**broke, act->at, scenario.system)) broke->reset();
    }
  }
  const bool waits = backend && backend->effect.kind == EffectKind::silence && !backend->imposed;
  const std::optional<Break> hard = waits ? std::nullopt : backend;
  const bool client_first = before(client, hard);
  const std::optional<Break>& first = client_first ? client : hard;
  // Told to go, it may do so; a reload alone explains no more than an act of its own.
  if (before(process, first)) {
    const bool explains = process->effect.kind != EffectKind::reloaded || (!first && !backend);
    if (explains) return GatewayBreak{Began::process, *process};
  }
  if (first) return GatewayBreak{client_first ? Began::client : Began::backend, *first};
  if (backend) return GatewayBreak{Began::backend, *backend};
  if (act) return GatewayBreak{Began::itself, by_itself(pair, *act)};
  return std::nullopt;
}

}  // namespace wsfault::verdict::oracle
