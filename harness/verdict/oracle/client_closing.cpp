#include "verdict/oracle/client_closing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

std::optional<std::int64_t> tcp_ended_at(const Broken& it, const Scene& scene) {
  std::optional<std::int64_t> first = own_end(it.connection, scene);
  const auto sign = [&](std::optional<std::int64_t> at) {
    if (at) first = std::min(first.value_or(*at), *at);
  };
  const auto exited = scene.process.exited_after(it.broke.at);
  if (exited && !scene.process.is_killed_at(*exited)) sign(exited);
  if (it.connection.ended) sign(it.connection.ended->at);
  return first;
}

/// Told to stop, it waited for the end of TCP until it was killed.
std::optional<Opinion> killed_in_its_grace(const Broken& it, const Scene& scene, std::int64_t from, std::int64_t due,
                                           const Declared& limit) {
  const auto killed = scene.process.stopped_after(from);
  if (!killed) return std::nullopt;
  if (it.broke.phase != Phase::closing) return Opinion{};
  if (limit.length)
    return scene.killed_before(limit, due, from, *killed, "it waited for the peer's Close", Cause::limit_too_late,
                               Cause::no_close_limit);
  return Opinion{Verdict::violated,
                 fmt::format("nothing limits its wait for the peer's Close: it was killed {} after its own",
                             measured(Duration(*killed - from))),
                 Cause::no_close_limit};
}

/// Its peer has ended TCP, and its own half is left.
Opinion on_its_half(const Broken& it, const Scene& scene, std::int64_t from) {
  const Leg& connection = it.connection;
  const auto gone = scene.process.exited_after(it.broke.at);
  const bool is_seen = connection.has_101() && connection.quiet.empty();
  if (connection.own_end || connection.reset || gone || scene.process.stopped_after(it.broke.at) || !is_seen) return {};
  const Declared limit = scene.declared("close_limit");
  return scene
      .wait_for(limit, scene.due_after(from, limit), "it did not end TCP, and its peer has", Cause::tcp_kept,
                Cause::tcp_kept)
      .expecting("the sut ends TCP when its peer has ended it");
}

std::string ends_tcp_in(const Declared& limit) {
  const std::string within = limit.length ? " within " + format_duration(*limit.length + grace) : std::string();
  return fmt::format("the sut ends TCP{} after the last Close, where its peer does not", within);
}

}  // namespace

std::optional<std::int64_t> own_end(const Leg& connection, const Scene& scene) {
  const auto& end = connection.own_end;
  return end && !scene.process.is_killed_at(end->at) ? std::optional(end->at) : std::nullopt;
}

Opinion on_close_reply(const Broken& it, const Scene& scene) {
  const Effect& effect = it.broke.effect;
  const auto came = it.connection.peer_close();
  const bool legal = effect.kind == EffectKind::close_empty ||
                     (effect.kind == EffectKind::close && wire::may_be_on_wire(effect.value));
  if (!came || !legal || effect.then_reset || it.connection.own_close()) return {};
  if (scene.process.exited_after(came->at) || scene.process.stopped_after(came->at)) return {};
  const auto& ended = it.connection.ended;
  if (ended && ended->fact->how != record::EndKind::fin) return {};
  const std::int64_t due = scene.later(came->at, grace);
  const bool first = own_end(it.connection, scene) && (!ended || ended->index > it.connection.own_end->index);
  // Its peer gave up waiting when that time was over, as near as clocks tell.
  const bool late = ended && ended->at > came->at + scaled(Duration(due - came->at), not_before).count();
  if (!first && !late) return {};
  return Opinion{Verdict::violated, "it answered no Close", Cause::no_close_reply}.expecting(
      "the sut answers a Close with a Close");
}

Opinion on_end_of_tcp(const Broken& it, const Scene& scene, std::int64_t from) {
  if (!it.row.demands.ends_tcp) return {};
  for (const auto& close : {it.connection.own_close(), it.connection.peer_close()}) {
    if (close) from = std::max(from, close->at);
  }
  const Declared limit = scene.declared("close_limit");
  const std::int64_t due = scene.due_after(from, limit);
  const auto ended = tcp_ended_at(it, scene);
  if (const auto& fin = it.connection.ended; fin && ended == fin->at && fin->fact->how == record::EndKind::fin)
    return on_its_half(it, scene, std::max(from, fin->at));
  if (ended && *ended <= due) return {};
  if (!ended) {
    if (auto killed = killed_in_its_grace(it, scene, from, due, limit))
      return std::move(*killed).expecting(ends_tcp_in(limit));
    return scene
        .wait_for(limit, due, "it did not end TCP after the Close", Cause::limit_too_late, Cause::no_close_limit)
        .expecting(ends_tcp_in(limit));
  }
  if (!limit.length) return {};
  return Opinion{Verdict::violated, fmt::format("it ended TCP {} too late", measured(Duration(*ended - due))),
                 Cause::limit_too_late}
      .expecting(ends_tcp_in(limit));
}

Opinion on_closing(const Broken& it, const Scene& scene) {
  Opinion told;
  if (const auto report = end_report(it, false)) told = on_report(it, *report->fact);
  const auto close = it.connection.own_close();
  const auto limit = scene.limit("close_limit");
  const auto ended = own_end(it.connection, scene);
  Opinion early;
  const bool alone = it.broke.effect.kind == EffectKind::no_close_reply && ended && !it.connection.ended;
  if (alone && limit && *ended < close->at + scaled(*limit, not_before).count()) {
    early = Opinion{Verdict::warned, "it did not wait for the peer's Close as long as its limit says",
                    Cause::limit_too_early}
                .expecting(fmt::format("the sut waits {} for the peer's Close", format_duration(*limit)));
  }
  return worst_of({told, on_end_of_tcp(it, scene, close->at), early});
}

}  // namespace wsfault::verdict::oracle
