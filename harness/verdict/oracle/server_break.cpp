#include "verdict/oracle/server_break.hpp"

#include <algorithm>

#include "wire/frame.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::ProcessChange;

/// A request that is no sound handshake (RFC 6455 4.2.1).
std::optional<Break> unsound_request(const Leg& served) {
  const auto& request = served.request;
  if (!request) return std::nullopt;
  const auto broke = [&](Effect effect) {
    return at_event(Phase::before_101, std::move(effect), request->at, request->index);
  };
  if (!request->fact->upgrade) return broke(EffectKind::answer);
  if (request->fact->flaws->empty()) return std::nullopt;
  return broke({EffectKind::invalid_101, 0, request->fact->flaws->front()});
}

std::optional<Break> arrived_in_the_handshake(const Leg& served) {
  const Leg& seen = served;
  std::optional<Break> first = unsound_request(served);
  keep_earlier(first, garbage_of(seen));
  if (seen.tls_failure) {
    keep_earlier(first, at_event(Phase::before_101, EffectKind::tls_failure, seen.tls_failure->at,
                                 seen.tls_failure->index));
  }
  if (seen.ended) {
    const EffectKind kind = is_out_of_sight(served) ? EffectKind::reset : EffectKind::fin;
    keep_earlier(first, at_event(Phase::before_101, kind, seen.ended->at, seen.ended->index));
  }
  return first;
}

/// The data frame that makes a message larger than the trait `max_message` allows.
std::optional<Break> message_beyond_limit(const Leg& seen, const model::Traits& traits) {
  const auto limit = traits.integer("max_message");
  if (!limit) return std::nullopt;
  std::uint64_t size = 0;
  for (const SeenFrame& frame : seen.received) {
    if (wire::is_control(frame.fact->opcode)) continue;
    size = frame.fact->opcode == 0 ? size + frame.fact->length : frame.fact->length;
    if (size <= static_cast<std::uint64_t>(*limit)) continue;
    // A header that no endpoint may write is judged as such.
    const bool illegal = std::ranges::any_of(
        seen.violations, [&](const auto& violation) { return violation.fact->frame == frame.fact->number; });
    if (illegal) return std::nullopt;
    Effect effect{EffectKind::illegal_frame, 0, std::string(message_too_big)};
    Break broke = at_event(Phase::open, std::move(effect), frame.at, frame.index);
    // It may be judged when it is whole, and that takes its time.
    const auto whole = std::ranges::find_if(
        seen.messages, [&](const auto& message) { return message.index >= frame.index; });
    if (whole != seen.messages.end()) broke.at = whole->at;
    return broke;
  }
  return std::nullopt;
}

std::optional<Break> done_to_process(const Leg& served, const trace::Process& process,
                                     const model::Traits& traits) {
  for (const trace::ProcessEvent& event : process.events) {
    if (event.at < served.accepted()) continue;
    const Phase phase = served.open() ? Phase::open : Phase::before_101;
    const auto is = [&](EffectKind kind) { return at_event(phase, kind, event.at, 0); };
    if (event.change == ProcessChange::killed) {
      Break broke = is(EffectKind::killed);
      broke.effect.detail = may_serve_on(event, traits) ? serves_on : "";
      return broke;
    }
    if (event.change == ProcessChange::stopping) return is(EffectKind::stopped);
    if (event.change != ProcessChange::exited) continue;
    Break broke = is(EffectKind::killed);
    broke.effect.detail = untold;
    return broke;
  }
  return std::nullopt;
}

/// A reload explains what a server did behind it, and obliges it to nothing.
EffectKind by_itself_or_reloaded(const Leg& served, const trace::Process& process, std::int64_t acted) {
  const bool reloaded = std::ranges::any_of(process.events, [&](const trace::ProcessEvent& event) {
    return event.change == ProcessChange::reloaded && event.at >= served.accepted() && event.at <= acted;
  });
  return reloaded ? EffectKind::reloaded : EffectKind::nothing;
}

/// Its head has not come whole: limits count from the accept.
std::optional<Break> half_a_request(const Leg& served) {
  const Leg& seen = served;
  if (seen.request || !served.of->dialled) return std::nullopt;
  Break silence{.phase = Phase::before_101, .effect = EffectKind::silence};
  silence.at = silence.earliest_from = *served.of->dialled;
  silence.index = seen.index();
  return silence;
}

/// Before all times, limits and the beginning of the log.
constexpr std::int64_t whenever = INT64_MIN / 2;

/// Only a server that pings can miss a pong; what reads no more has no other sign where it does not.
std::optional<Break> silent_client(const Leg& seen, const std::optional<Sign>& act, const Case& scenario) {
  std::optional<Break> silence = quiet_while_open(seen, act ? std::optional(act->at) : std::nullopt);
  if (!silence) return std::nullopt;
  const auto& traits = scenario.system.traits;
  const bool stalled = std::ranges::any_of(seen.quiet, [](const Quiet& quiet) {
    return !quiet.until && quiet.kind == record::LinkEffectKind::stalled;
  });
  const bool pings = traits.duration("heartbeat") && traits.duration("heartbeat_timeout");
  if (stalled && !pings) silence->effect.detail = reads_no_more;
  // A limit for what waits may cut it before a pong is overdue.
  if (stalled && traits.duration("write_limit")) silence->earliest_from = whenever;
  return silence;
}

}  // namespace

bool is_out_of_sight(const Leg& served) {
  return served.ended && served.ended->fact->how != record::EndKind::fin;
}

std::optional<Break> server_break(const Leg& served, const trace::Process& process, const Case& scenario) {
  const Leg& seen = served;
  const auto act = first_sign(served);
  const bool open = seen.open();
  std::optional<Break> first = done_to_process(served, process, scenario.system.traits);
  if (open) {
    keep_earlier(first, arrived_in_frames(seen, Phase::open));
    keep_earlier(first, refused_for_its_size(seen, scenario.system.traits));
    keep_earlier(first, message_beyond_limit(seen, scenario.system.traits));
    keep_earlier(first, unsound_request(served));
  } else {
    keep_earlier(first, arrived_in_the_handshake(served));
  }
  const bool in_time = first && (!act || first->at <= act->at || first->index < act->index);
  if (in_time) return first;
  if (auto silence = open ? silent_client(seen, act, scenario) : half_a_request(served)) return silence;
  if (!act) return std::nullopt;
  const EffectKind kind = by_itself_or_reloaded(served, process, act->at);
  return at_event(open ? Phase::open : Phase::before_101, kind, act->at, act->index);
}

}  // namespace wsfault::verdict::oracle
