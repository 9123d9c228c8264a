#include "verdict/oracle/gateway_handled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "value/words.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/passed.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using record::EndKind;
using trace::SeenMessage;

// --- its row and its time

/// A tunnel opens with its backend; a peer may have opened before it.
Phase phase_at_client(const Pair& pair, const GatewayBreak& began, const GatewayScene& scene) {
  if (began.by == Began::process || !scene.is_peer()) return began.broke.phase;
  return pair.front->has_101() ? Phase::open : Phase::before_101;
}

/// What the first does not find, the second does: only if there is neither is there nothing.
Declared either(const Declared& first, const Declared& second) {
  if (first.length || second.none) return first;
  if (second.length || first.none) return second;
  Declared both = first;
  both.open.insert(both.open.end(), second.open.begin(), second.open.end());
  return both;
}

/// Where a heartbeat does not find a silence, the limit for idle connections does.
Declared limit_of(const Handled& it) {
  const bool silence = it.broke().effect.kind == EffectKind::silence && it.phase == Phase::open &&
                       !it.broke().effect.unanswered;
  if (it.row.limit.at_once() || !silence) return it.row.declared;
  if (it.began.by == Began::backend) return either(it.row.declared, it.scene.declared("idle_limit"));
  constexpr std::string_view heartbeat[] = {"heartbeat", "heartbeat_timeout"};
  const Declared pings = it.scene.declared(heartbeat);
  if (!it.scene.is_peer() || !pings.length) return it.row.declared;
  return {.length = std::max(*pings.length, it.row.declared.length.value_or(Duration(0)))};
}

/// Of what may not be cut short: a heartbeat may find a silence in the time-out of one ping alone.
Duration least_of(const Handled& it, Duration limit) {
  const auto timeout = it.scene.limit("heartbeat_timeout");
  const bool open = it.phase == Phase::open && !it.broke().effect.unanswered;
  if (it.scene.is_peer() && open && timeout) limit = std::min(limit, *timeout);
  return scaled(limit, not_before);
}

/// When it last tried an upstream again that refuses, of the three times that HAProxy has by default. Where such
/// attempts cannot be seen they may have come, a second apart.
std::int64_t last_retry(const Handled& it) {
  constexpr std::ptrdiff_t most = 3;
  const auto& tries = it.scene.pairing.found_nobody;
  if (tries.empty()) return it.broke().at + most * std::chrono::nanoseconds(grace).count();
  const auto first = std::ranges::lower_bound(tries, it.broke().at);
  const auto last = std::min(tries.end() - first, most + 1);
  return last > 0 ? first[last - 1] : it.broke().at;
}

Limits limits_of(Handled& it) {
  const Break& broke = it.broke();
  const Declared declared = limit_of(it);
  const auto limit = declared.length;
  const std::int64_t until = it.act.is_nothing() ? it.scene.horizon.now : it.act.at;
  std::int64_t from = broke.at;
  std::int64_t earliest = 0;
  if (broke.effect.kind == EffectKind::reloaded && limit)
    earliest = broke.at + scaled(*limit, not_before).count();
  if (broke.effect.kind == EffectKind::silence) {
    const bool answered = it.phase == Phase::open && !broke.effect.unanswered;
    if (answered) from = std::max(from, last_activity(it.pair, until));
    const std::int64_t since =
        answered && !it.scene.is_peer() ? last_on_quieter_side(it.pair, until) : broke.earliest_from;
    if (limit) earliest = since + least_of(it, *limit).count();
  }
  // Its client waits for all its attempts together.
  const bool tried_before =
      it.from && it.from == it.pair.back && it.pair.attempts > 1 && !it.row.limit.at_once();
  if (tried_before && broke.phase == Phase::before_101 && it.pair.first->accepted() < from) {
    from = it.pair.first->accepted();
    if (limit) earliest = from + least_of(it, *limit).count();
  }
  if (broke.effect.kind == EffectKind::refused && broke.phase == Phase::before_101) {
    it.first_due = limits_from(it.row, declared, from, it.scene).due;
    from = last_retry(it);
  }
  Limits limits = limits_from(it.row, declared, from, it.scene);
  limits.earliest = earliest;
  return limits;
}

// --- is it in the row?

bool is_denied(int status) { return status == 401 || status == 403; }
/// With a Retry-After, often: who comes back waits for it.
bool is_overloaded(int status) { return status == 429 || status == 503; }

/// Of an answer that must pass as it is.
bool changes_status(int was, int is) {
  const bool matters = is_denied(was) || is_denied(is) || is_overloaded(was) || is_overloaded(is);
  if (is_denied(was) && is_denied(is)) return was != is;
  return matters && class_of_status(was, {}) != class_of_status(is, {});
}

/// 401 and 403, 429 and 503, and the classes of Close codes, each of 3000-4999 for itself.
bool changes_class(const Effect& effect, const Act& act) {
  if (effect.kind == EffectKind::answer) {
    if (act.is(ReactionKind::close)) return is_denied(effect.value) || is_overloaded(effect.value);
    return act.is(ReactionKind::status) && changes_status(effect.value, act.value);
  }
  if (effect.kind != EffectKind::close || !act.is(ReactionKind::close)) return false;
  if (!wire::may_be_on_wire(effect.value) || effect.value == act.value) return false;
  const bool own = effect.value >= 3000 || act.value >= 3000;
  return own || wire::close_code(effect.value).close_class != wire::close_code(act.value).close_class;
}

Cause cause_of_mismatch(const Handled& it) {
  const Effect& effect = it.broke().effect;
  const Act& act = it.act;
  if (act.is_page()) return Cause::answer_in_stream;
  // It is clients that come back.
  if (&it.to != it.pair.back && changes_class(effect, act)) return Cause::class_changed;
  if (it.scene.is_peer() && (it.passed_illegal || (it.passed && act.is(ReactionKind::close))))
    return Cause::passes_illegal;
  switch (effect.kind) {
    case EffectKind::answer:
      if (act.is(ReactionKind::status) && act.value >= 400) return Cause::code_rewritten;
      [[fallthrough]];
    case EffectKind::garbage:
    case EffectKind::invalid_101:
      return act.is(ReactionKind::opens) ? Cause::bad_101_passed : Cause::hides_the_failure;
    case EffectKind::tls_failure:
      // It spoke over TLS that it had to refuse.
      return it.from && it.from->request ? Cause::certificate_unchecked : Cause::hides_the_failure;
    case EffectKind::close:
    case EffectKind::close_empty: {
      const bool illegal = effect.kind == EffectKind::close && !wire::may_be_on_wire(effect.value);
      return illegal && act.is(ReactionKind::close) ? Cause::wrong_close_sent : Cause::code_rewritten;
    }
    case EffectKind::stopped:
      return Cause::no_goodbye;
    case EffectKind::reloaded:
      return it.act.at < it.limits.earliest ? Cause::drain_too_short : Cause::no_goodbye;
    case EffectKind::killed:
      return Cause::ends_by_itself;
    default:
      return Cause::hides_the_failure;
  }
}

/// What it is that a gateway lacks which did nothing though its limit is declared, or there is none to keep.
Cause lack_of(const Handled& it) {
  if (it.scene.is_peer() && it.passed_illegal) return Cause::passes_illegal;
  if (it.scene.is_peer() && is_illegal(it.broke().effect)) return Cause::bad_frame_accepted;
  if (!it.row.limit.at_once()) return Cause::limit_too_late;
  if (it.phase == Phase::before_101) return Cause::hides_the_failure;
  return it.broke().effect.kind == EffectKind::invalid_101 ? Cause::bad_101_passed : Cause::left_open;
}

/// RFC 6455 7.1.6: the reason belongs to the code.
std::optional<Opinion> on_reason(const Leg& from, const Act& act, const Effect& effect) {
  const auto close = from.peer_close();
  const bool same_code = effect.kind == EffectKind::close && act.is(ReactionKind::close) &&
                         act.value == effect.value && wire::may_be_on_wire(effect.value);
  if (!same_code || !close || close->fact->text == act.reason) return std::nullopt;
  return Opinion{Verdict::violated,
                 act.reason.empty() ? std::string("the reason was dropped")
                                    : fmt::format("its reason was \"{}\"", act.reason),
                 Cause::reason_dropped}
      .expecting(fmt::format("the gateway passes Close {} on with its reason, \"{}\"", act.value,
                             close->fact->text.view()));
}

Opinion in_row(const Handled& it) {
  const bool bytes_pass = !it.scene.is_peer() && it.passed && (it.act.is(ReactionKind::close) || it.act.is_page());
  if (bytes_pass) return {};
  const bool fine = any_matches(it.row.fine, it.act, it.passed);
  if (!fine && !any_matches(it.row.warned, it.act, it.passed))
    return {Verdict::violated, {}, cause_of_mismatch(it)};
  if (it.from) {
    if (const auto reason = on_reason(*it.from, it.act, it.broke().effect)) return *reason;
  }
  if (fine) return {};
  return {Verdict::warned, {}, cause_of_mismatch(it)};
}

/// Both closed before either could have heard of the other's Close: it gets its own code back.
std::optional<Opinion> closed_at_once(const Handled& it) {
  const auto own = it.to.peer_close();
  if (!oracle::closed_at_once(it.pair) || !own || !it.act.is(ReactionKind::close)) return std::nullopt;
  if (own->fact->code != it.act.value || it.act.value == it.broke().effect.value) return std::nullopt;
  return Opinion{Verdict::warned, "both closed at once, and it got its own code back", Cause::code_rewritten};
}

// --- is it complete?

Opinion on_tail(const Handled& it) {
  if (!it.pair.back || it.broke().phase == Phase::before_101) return {};
  const bool to_client = it.began.by == Began::backend;
  const Leg& from = to_client ? *it.pair.back : *it.pair.front;
  const Leg& to = to_client ? *it.pair.front : *it.pair.back;
  const auto came_by = [&](std::int64_t until) {
    return static_cast<std::size_t>(std::ranges::count_if(from.messages, [&](const SeenMessage& each) {
      return each.index < it.broke().index && each.at <= until;
    }));
  };
  const std::size_t came = came_by(std::numeric_limits<std::int64_t>::max());
  if (to.passed.size() >= came) return {};
  // An RST may drop what the gateway has not read; what it had for longer, it had read.
  const auto& end = from.ended;
  const bool kernel = end && end->fact->how == EndKind::reset &&
                      to.passed.size() >= came_by(end->at - std::chrono::nanoseconds(grace).count());
  return Opinion{kernel ? Verdict::warned : Verdict::violated,
                 fmt::format("{} of the {} before the end {} lost", came - to.passed.size(),
                             counted(came, "message"), came - to.passed.size() == 1 ? "was" : "were"),
                 Cause::tail_lost}
      .expecting("what came whole before the end leaves the gateway");
}

}  // namespace

Handled::Handled(const Pair& pair, const GatewayBreak& began, const GatewayScene& scene, bool at_upstream)
    : pair(pair),
      began(began),
      scene(scene),
      from(at_upstream ? pair.front : pair.back),
      to(at_upstream ? *pair.back : *pair.front),
      phase(at_upstream ? Phase::open : phase_at_client(pair, began, scene)),
      row(appropriate({model::Role::gateway, scene.scenario.system.kind, at_upstream}, phase,
                      began.broke.effect, scene.traits())),
      act(act_on(to, phase)),
      passed(from && passed_on(*from, to, began.broke, act)),
      passed_illegal(from && began.broke.phase != Phase::before_101 && !is_of_size(began.broke.effect) &&
                     passed_illegal_frame(*from, to, began.broke)),
      limits(limits_of(*this)) {}

/// It answers in the end, and its clients wait for what it tries meanwhile.
Opinion on_retries(const Handled& it) {
  if (!it.first_due || it.act.at <= *it.first_due || !it.limits.declared.length) return {};
  return {Verdict::warned,
          fmt::format("it took {} to say that its upstream refuses", measured(Duration(it.act.at - it.broke().at))),
          Cause::retries_too_long};
}

Opinion on_act(const Handled& it) {
  TimeWords words;
  if (it.broke().effect.kind == EffectKind::reloaded)
    words = {.early = "{} before its drain time allows", .cause_of_early = Cause::drain_too_short};
  const auto at_once = closed_at_once(it);
  return worst_of({at_once ? *at_once : in_row(it),
                   in_time(it.act.at, it.limits, it.row, Cause::limit_too_late, words), on_retries(it),
                   on_tail(it)});
}

Opinion on_no_act(const Handled& it) {
  if (it.row.is_fine(ReactionKind::stays_open)) {
    // What it may do, it does soon; and what it may not do yet, it must not have done by then.
    const std::int64_t until = std::max(it.limits.earliest, it.scene.later(it.broke().at, grace));
    const bool waits =
        it.scene.horizon.now <= until && !it.scene.horizon.over && it.began.by == Began::process;
    return waits ? Opinion{Verdict::pending, {}, Cause::none, until + 1} : Opinion{};
  }
  return on_nothing(it.limits, it.row, it.scene, lack_of(it));
}

}  // namespace wsfault::verdict::oracle
