// What a server owes a client whatever happens: an answer to its handshake, pongs, legal bytes, a place.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/pongs.hpp"
#include "verdict/oracle/server_break.hpp"
#include "verdict/oracle/server_scene.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr int service_unavailable = 503;

std::optional<std::int64_t> most_connections(const Case& scenario) {
  return scenario.system.traits.integer("max_connections");
}

/// Others that may hold a place at `at`: accepted, and the server had not ended them 1 s before.
std::int64_t places_taken(const Leg& served, std::int64_t at, const Places& places) {
  const Leg& seen = served;
  const bool own = seen.accepted() <= at && !(seen.own_end && seen.own_end->at + grace.count() < at);
  return places.taken.at(at) - (own ? 1 : 0);
}

/// It answers in order: behind its answer to a Close no pong can come for what was sent before.
bool passed_over_a_ping(const Leg& seen) {
  const auto own = seen.own_close();
  const auto peer = seen.peer_close();
  if (!own || !peer || own->index < peer->index || !seen.quiet.empty()) return false;
  const auto& pings = seen.received_heartbeats.pings();
  const auto behind =
      std::ranges::lower_bound(pings, peer->index, {}, [](const SeenFrame& each) { return each.index; });
  return behind != pings.begin() && !answer_to(*(behind - 1), seen);
}

}  // namespace

Opinion on_tcp_end(const Leg& served, const ServerScene& scene) {
  const Leg& seen = served;
  const auto own = seen.own_close();
  if (!own) return {};
  const auto peer = seen.peer_close();
  const std::int64_t due =
      peer ? scene.later(std::max(own->at, peer->at), grace) : scene.closing_due(own->at);
  if (seen.own_end && seen.own_end->at <= due) return {};
  if (seen.ended && seen.ended->at <= due) return {};  // its client was first
  // Its process took the connection with it.
  const auto gone = scene.process.exited_after(own->at);
  if (gone && *gone <= due) return {};
  const Declared limit = peer ? Declared{.length = Duration(0)} : scene.declared("close_limit");
  const Cause late = peer ? Cause::tcp_left_open : Cause::limit_too_late;
  const std::string within = limit.length ? " within " + format_duration(*limit.length + grace) : std::string();
  std::string expected = fmt::format("the server ends TCP{} after {}", within,
                                     peer ? "both have said Close" : "its Close, where the client says none");
  if (seen.own_end) {
    if (!limit.length) return {};
    return Opinion{Verdict::violated,
                   fmt::format("the server ended TCP {} too late", measured(Duration(seen.own_end->at - due))), late}
        .expecting(std::move(expected));
  }
  return scene.wait_for(limit, due, "the server did not end TCP after its Close", late, Cause::no_close_limit)
      .expecting(std::move(expected));
}

Opinion on_answer(const Leg& served, const ServerScene& scene) {
  const Leg& seen = served;
  if (served.of->unreachable) {
    if (!serves_at(scene.process, *served.of->unreachable)) return {};
    return {Verdict::violated, "it refused the connection", Cause::upstream_down};
  }
  const Act act = act_on(served, Phase::before_101);
  if (act.is(ReactionKind::opens)) return {};
  if (act.is_nothing()) {
    return scene.wait_until(scene.later(seen.request->at, scene.scenario.wait), "it answered nothing",
                            Cause::not_let_in);
  }
  if (act.is(ReactionKind::status) && act.value == service_unavailable) {
    const auto most = most_connections(scene.scenario);
    const std::int64_t taken = places_taken(served, act.at, scene.places);
    if (most && taken >= *most) return {};
    if (most) {
      return {Verdict::violated,
              fmt::format("{} of {} taken", taken,
                          counted(static_cast<std::uint64_t>(*most), "place was", "places were")),
              Cause::refused_too_early};
    }
  }
  return {Verdict::violated, {}, Cause::not_let_in};
}

Opinion on_pongs(const Leg& served, const ServerScene& scene) {
  const Leg& seen = served;
  const auto expected = [&] { return fmt::format("the server answers each ping of {}", name_of(served)); };
  if (passed_over_a_ping(seen))
    return Opinion{Verdict::violated, "it answered the Close, and no ping before it", Cause::no_pong}.expecting(
        expected());
  return worst_of({on_late_pong(seen, scene, expected()), on_pongs(seen, scene, expected())});
}

Opinion on_places(const Leg& served, const ServerScene& scene) {
  const auto most = most_connections(scene.scenario);
  if (!most || !served.open()) return {};
  const std::int64_t open = scene.places.open.at(served.opened_at());
  if (open < *most) return {};
  return Opinion{Verdict::violated, fmt::format("it was let in beside {} that were open", open),
                 Cause::over_its_limit}
      .expecting(fmt::format("{} gets 503 while all {} are taken", name_of(served),
                             counted(static_cast<std::uint64_t>(*most), "place")));
}

}  // namespace wsfault::verdict::oracle
