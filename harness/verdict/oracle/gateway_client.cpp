// A gateway whose backend failed, or that was struck itself: judged by what its client got.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/gateway_parts.hpp"
#include "verdict/oracle/gateway_words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using Kind = Outcome::Kind;

class AtClient {
 public:
  AtClient(const Pair& pair, const GatewayBreak& began, const Scene& scene)
      : pair_(pair),
        began_(began),
        scene_(scene),
        state_(state()),
        row_(appropriate(state_, began.broke.effect, model::Role::gateway, scene.scenario.system.kind,
                         scene.scenario.system.traits, {})),
        it_{pair_, began_, row_, scene.scenario, state_, did_to_client(*pair_.front, state_)},
        times_(gateway_times(it_, scene.log, scene.moment)) {}

  std::optional<Finding> judge() {
    if (it_.did.is(Did::Kind::nothing)) return undone();
    return finding(worst_of({opinion(), opinion_on_time(it_, times_), opinion_on_tail(it_)}));
  }

 private:
  /// A tunnel opens with its backend; a peer may have opened before it.
  State state() const {
    if (began_.by == Began::process) return began_.broke.state;
    if (scene_.scenario.system.kind != model::Kind::websocket) return began_.broke.state;
    return pair_.front->has_101() ? State::open : State::before_101;
  }

  std::optional<Finding> undone() const {
    const bool tunnel = !it_.is_peer() && state_ == State::open;
    // A tunnel has done its part when the illegal bytes have left it.
    if (tunnel && is_bytes() && passed_to_client(it_)) return finding({});
    if (const auto left = client_break(*pair_.front, false);
        left && left->effect.kind != EffectKind::silence) {
      if (began_.by == Began::process) return std::nullopt;
      if (!times_.due || left->at <= *times_.due) return finding({});
    }
    if (began_.by == Began::process && serves_on()) return finding({});
    const bool stopped = began_.by == Began::backend && scene_.log.process.stopped_after(began_.broke.at);
    if (stopped) return std::nullopt;
    const Opinion nothing = opinion_on_nothing(it_, times_, scene_);
    // Quiet that nobody imposed and whose time is not up when the run ends was no break.
    const bool up = times_.due && scene_.moment.now > *times_.due;
    if (nothing.state == Verdict::violated && !up && !began_.broke.imposed) return std::nullopt;
    return finding(nothing);
  }

  bool is_bytes() const {
    const EffectKind kind = began_.broke.effect.kind;
    return kind == EffectKind::illegal_frame || kind == EffectKind::bad_compression ||
           kind == EffectKind::close_invalid;
  }

  /// Killing the main process of some gateways leaves their workers serving.
  bool serves_on() const {
    constexpr std::int64_t moments = Duration(std::chrono::milliseconds(100)).count();
    if (began_.broke.effect.kind != EffectKind::killed) return false;
    return std::ranges::any_of(pair_.front->sent,
                               [&](const SeenFrame& frame) { return frame.at > began_.broke.at + moments; });
  }

  Opinion opinion() const {
    if (closed_at_once(pair_)) {
      const auto own = pair_.front->peer_close();
      const bool its_own = own && it_.did.is(Did::Kind::close) && own->fact->code == it_.did.value;
      if (its_own && it_.did.value != began_.broke.effect.value)
        return {Verdict::warned, "both closed at once, and it got its own code back"};
    }
    return opinion_on_client(it_);
  }

  Finding finding(const Opinion& opinion) const {
    const std::string_view who = began_.by == Began::process ? "the gateway" : "the upstream";
    std::string expected = fmt::format("{} {}", name_of_client(*pair_.front), in_words(row_.fine));
    if (times_.limit && !row_.allows(Kind::stays_open))
      expected += " within " + format_duration(*times_.limit);
    const State of_deed = began_.broke.state;
    expected += " after " + happened(began_.broke.effect, of_deed, who);
    if (pair_.attempts > 1) expected += fmt::format(" (attempt {})", pair_.attempts);
    std::string seen = in_words(it_.did, began_.broke.at) + reported(*pair_.front);
    Finding result =
        finding_of(opinion, std::move(expected), std::move(seen), pair_.front->number(), cause_of_break());
    result.at = it_.did.is(Did::Kind::nothing) ? began_.broke.at : it_.did.at;
    return result;
  }

  Cause cause_of_break() const {
    if (!pair_.back) return cause_of(began_.broke, Duration(0));
    return cause_of(began_.broke, quiet_before(*pair_.back, began_.broke));
  }

  const Pair& pair_;
  const GatewayBreak& began_;
  const Scene& scene_;
  State state_;
  Row row_;
  GatewayCase it_;
  GatewayTimes times_;
};

}  // namespace

std::optional<Finding> judge_at_client(const Pair& pair, const GatewayBreak& began, const Scene& scene) {
  return AtClient(pair, began, scene).judge();
}

}  // namespace wsfault::verdict::oracle
