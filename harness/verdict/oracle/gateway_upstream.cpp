// A gateway whose client failed: judged by what it did to its backend.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_parts.hpp"
#include "verdict/oracle/gateway_words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

bool is_illegal(const Effect& effect) {
  return effect.kind == EffectKind::illegal_frame || effect.kind == EffectKind::bad_compression ||
         effect.kind == EffectKind::close_invalid;
}

class AtUpstream {
 public:
  AtUpstream(const Pair& pair, const GatewayBreak& began, const Scene& scene)
      : pair_(pair),
        began_(began),
        scene_(scene),
        row_(appropriate_at_upstream(began.broke.effect, scene.scenario.system.kind,
                                     scene.scenario.system.traits)),
        it_{pair_, began_, row_, scene.scenario, State::open, did_to_backend(*pair_.back)},
        times_(gateway_times(it_, scene.log, scene.moment)) {}

  std::optional<Finding> judge() {
    if (it_.is_peer() && is_illegal(began_.broke.effect)) return finding(worst_of({kept_out(), refused()}));
    const bool bytes = is_illegal(began_.broke.effect);
    if (bytes && passed_to_backend(it_)) return finding({});
    if (it_.did.is(Did::Kind::nothing)) return undone();
    return finding(worst_of({opinion(), opinion_on_time(it_, times_), opinion_on_tail(it_), closing()}));
  }

 private:
  std::optional<Finding> undone() const {
    // Its backend ended of itself, or the gateway was told to go.
    if (pair_.back->ended || pair_.back->peer_close()) return std::nullopt;
    if (scene_.log.process.stopped_after(began_.broke.at)) return std::nullopt;
    return finding(opinion_on_nothing(it_, times_, scene_));
  }

  Opinion opinion() const {
    if (closed_at_once(pair_)) {
      const auto other = pair_.back->peer_close();
      const bool its_own = it_.did.is(Did::Kind::close) && other->fact->code == it_.did.value;
      if (its_own && it_.did.value != began_.broke.effect.value)
        return {Verdict::warned, "both closed at once, and it got its own code back"};
    }
    return opinion_on_backend(it_);
  }

  /// A peer never passes on what breaks the protocol.
  Opinion kept_out() const {
    const auto& broken = pair_.back->broke_itself;
    const bool passed = std::ranges::any_of(
        broken, [&](const auto& violation) { return violation.index > began_.broke.index; });
    if (passed) return {Verdict::violated, "the illegal frame reached the upstream", Cause::passes_illegal};
    return {};
  }

  /// And fails the connection that broke it: 1002, 1007 or 1009.
  Opinion refused() const {
    const Did did = did_to_client(*pair_.front, State::open);
    const bool settled = did.is(Did::Kind::close) || did.is(Did::Kind::end) || pair_.front->ended;
    if (!settled) {
      return wait_until(scene_.later(began_.broke.at, grace), "its client stays open",
                        Cause::bad_frame_accepted, scene_);
    }
    if (!did.is(Did::Kind::close))
      return {Verdict::warned, "its client was ended without a Close (7.1.7: SHOULD)"};
    const bool fine = did.value == 1002 || did.value == 1007 || did.value == 1009;
    if (fine) return {};
    return {Verdict::violated, fmt::format("its client got Close {}", did.value), Cause::hides_the_failure};
  }

  /// A peer whose own Close gets no answer ends TCP itself.
  Opinion closing() const {
    const Leg& back = *pair_.back;
    const bool answered = back.ended || back.own_end || back.peer_close();
    if (!it_.is_peer() || !it_.did.is(Did::Kind::close) || answered) return {};
    if (scene_.log.process.stopped_after(began_.broke.at)) return {};
    const std::int64_t due =
        closing_deadline(it_.did.at, scene_.log.process, scene_.scenario, scene_.moment.now);
    if (scene_.moment.over && scene_.moment.now <= due) return {};
    return wait_until(due, "it never ended TCP behind its Close", Cause::no_close_limit, scene_);
  }

  Finding finding(const Opinion& opinion) const {
    std::string expected = "the upstream behind the gateway " + in_words(row_.fine);
    if (times_.limit && !row_.allows(Outcome::Kind::stays_open))
      expected += " within " + format_duration(*times_.limit);
    expected += " after " + happened(began_.broke.effect, State::open, "the client");
    Finding result = finding_of(opinion, std::move(expected), in_words(it_.did, began_.broke.at),
                                pair_.front->number(), cause_of_break());
    result.at = it_.did.is(Did::Kind::nothing) ? began_.broke.at : it_.did.at;
    return result;
  }

  /// What a client does is no server's doing: the table speaks of the gateway here.
  Cause cause_of_break() const {
    return is_illegal(began_.broke.effect) ? Cause::peer_broke_protocol : Cause::hides_the_failure;
  }

  const Pair& pair_;
  const GatewayBreak& began_;
  const Scene& scene_;
  Row row_;
  GatewayCase it_;
  GatewayTimes times_;
};

}  // namespace

std::optional<Finding> judge_at_upstream(const Pair& pair, const GatewayBreak& began, const Scene& scene) {
  // Who leaves before the 101 takes nothing along.
  const bool connected = pair.back && pair.back->open() && pair.front->has_101();
  if (!connected) return std::nullopt;
  return AtUpstream(pair, began, scene).judge();
}

}  // namespace wsfault::verdict::oracle
