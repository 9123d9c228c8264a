#include "verdict/oracle/gateway_break.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::ProcessChange;

/// The gateway gave up on a client that left a ping without an answer.
std::optional<Break> unanswered_ping(const Leg& front) {
  const auto act = first_sign(front);
  if (!act || !front.has_101()) return std::nullopt;
  const auto index = [](const SeenFrame& frame) { return frame.index; };
  const auto& pongs = front.received_heartbeats.pongs();
  const auto& pings = front.sent_heartbeats.pings();
  const auto next_pong = std::ranges::lower_bound(pongs, act->index, {}, index);
  const std::size_t pong = next_pong == pongs.begin() ? 0 : (next_pong - 1)->index;
  const auto ping = std::ranges::lower_bound(pings, pong, {}, index);
  if (ping == pings.end() || ping->index > act->index) return std::nullopt;
  Break silence{.phase = Phase::open, .effect = EffectKind::silence, .at = ping->at};
  silence.earliest_from = front.last_arrival(ping->at);
  silence.imposed = true;
  silence.index = ping->index;
  return silence;
}

std::optional<Break> client_silence(const Leg& front) {
  for (const Quiet& quiet : front.quiet) {
    // Who does not read is there all the same.
    if (quiet.until || quiet.kind == record::LinkEffectKind::stalled) continue;
    Break silence{.phase = Phase::open, .effect = EffectKind::silence, .at = quiet.from};
    silence.earliest_from = front.last_arrival(quiet.from);
    silence.imposed = true;
    return silence;
  }
  return std::nullopt;
}

/// What came from behind, as far as a backend did it.
std::optional<Break> backend_break(const Pair& pair, const Pairing& pairing, const Case& scenario) {
  if (!pair.back) {
    if (!pair.refused) return std::nullopt;
    const EffectKind kind = pair.dark ? EffectKind::unconnected : EffectKind::refused;
    return at_event(Phase::before_101, kind, *pair.refused, pair.front->index());
  }
  auto broke = first_break(*pair.back, pairing.process, scenario.system.traits);
  if (!broke) return std::nullopt;
  const EffectKind kind = broke->effect.kind;
  const bool of_gateway = kind == EffectKind::stopped || kind == EffectKind::frozen ||
                          kind == EffectKind::nothing || broke->phase == Phase::closing;
  if (of_gateway) return std::nullopt;
  broke->effect.unanswered = broke->phase == Phase::before_101;
  // Only a gateway that pings can miss a pong.
  const bool pings = sends_pings(scenario.system);
  const bool only_quiet = kind == EffectKind::silence && !broke->imposed;
  if (only_quiet && broke->phase == Phase::open && !pings) return std::nullopt;
  return broke;
}

std::optional<Break> process_break(const Pair& pair, const Pairing& pairing, const Case& scenario,
                                   std::int64_t until) {
  for (const trace::ProcessEvent& event : pairing.process.events) {
    if (event.at < pair.front->accepted() || event.at > until) continue;
    const Phase phase =
        pair.front->has_101() && pair.front->answer->at <= event.at ? Phase::open : Phase::before_101;
    const auto is = [&](EffectKind kind) { return at_event(phase, kind, event.at, pair.front->index()); };
    if (event.change == ProcessChange::killed) {
      Break broke = is(EffectKind::killed);
      broke.effect.detail = may_serve_on(event, scenario.system.traits) ? serves_on : "";
      return broke;
    }
    if (event.change == ProcessChange::stopping) return is(EffectKind::stopped);
    if (event.change == ProcessChange::reloaded) return is(EffectKind::reloaded);
  }
  return std::nullopt;
}

Break by_itself(const Pair& pair, const Sign& act) {
  const Phase phase = pair.front->has_101() ? Phase::open : Phase::before_101;
  return at_event(phase, EffectKind::nothing, act.at, act.index);
}

/// A ping was under way as the gateway acted: that is none that it had given up.
bool is_young_silence(const Break& broke, std::int64_t acted_at, const model::System& system) {
  const Duration limit = system.traits.duration("heartbeat_timeout").value_or(Duration(0));
  return broke.effect.kind == EffectKind::silence &&
         Duration(acted_at - broke.at) < scaled(limit, not_before);
}

}  // namespace

bool sends_pings(const model::System& system) {
  return system.kind == model::Kind::websocket && system.traits.duration("heartbeat");
}

std::optional<Break> client_break(const Leg& front, const model::System& system, bool pings) {
  const Phase phase = front.has_101() ? Phase::open : Phase::before_101;
  std::optional<Break> first = arrived_in_frames(front, phase);
  keep_earlier(first, refused_for_its_size(front, system.traits));
  if (first) return first;
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

std::optional<GatewayBreak> gateway_break(const Pair& pair, const Pairing& pairing, const Case& scenario) {
  const auto act = first_sign(*pair.front);
  const auto in_time = [&](const Break& broke) {
    return !act || broke.at < act->at || (broke.at == act->at && broke.index < act->index);
  };
  std::optional<Break> backend = backend_break(pair, pairing, scenario);
  std::optional<Break> client = client_break(*pair.front, scenario.system, sends_pings(scenario.system));
  if (backend && !in_time(*backend)) backend.reset();
  if (client && !in_time(*client)) client.reset();
  const auto process = process_break(pair, pairing, scenario, act ? act->at : INT64_MAX);
  if (process && process->effect.kind == EffectKind::reloaded && act) {
    for (std::optional<Break>* broke : {&backend, &client}) {
      if (*broke && is_young_silence(**broke, act->at, scenario.system)) broke->reset();
    }
  }
  const bool waits = backend && backend->effect.kind == EffectKind::silence && !backend->imposed;
  const std::optional<Break> hard = waits ? std::nullopt : backend;
  const bool client_first = earlier(client, hard);
  const std::optional<Break>& first = client_first ? client : hard;
  // Told to go, it may do so; a reload alone explains no more than an act of its own.
  if (earlier(process, first)) {
    const bool explains = process->effect.kind != EffectKind::reloaded || (!first && !backend);
    if (explains) return GatewayBreak{Began::process, *process};
  }
  if (first) return GatewayBreak{client_first ? Began::client : Began::backend, *first};
  if (backend) return GatewayBreak{Began::backend, *backend};
  if (act) return GatewayBreak{Began::itself, by_itself(pair, *act)};
  return std::nullopt;
}

std::string what_broke(const GatewayBreak& began) {
  if (began.by == Began::itself) return {};
  const char* who = began.by == Began::backend  ? "the upstream"
                    : began.by == Began::client ? "the client"
                                                : "the gateway";
  return fmt::format("{} {}", who, deed(began.broke.effect, began.broke.phase));
}

}  // namespace wsfault::verdict::oracle
