#include "verdict/oracle/break.hpp"

#include <algorithm>

#include "wire/frame.hpp"
#include "wire/utf8.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::EndKind;
using trace::SeenEnd;

constexpr int too_big_code = 1009;
constexpr std::int64_t everyone_takes = 64 * 1024;         // bytes
constexpr std::uint64_t absurd = std::uint64_t{1} << 30U;  // bytes of one frame
constexpr Duration soon = std::chrono::seconds(1);         // an end after that is no part of what came before

/// By the order of the log.
void keep_first(std::optional<Break>& first, std::optional<Break> found) {
  if (found && (!first || found->index < first->index)) first = std::move(found);
}

bool is_of_close_body(std::string_view violation) { return violation.starts_with("close-"); }
/// The stream's end says it, not the frame.
bool is_of_the_end(std::string_view violation) { return violation == "truncated-frame"; }

EffectKind kind_of(const SeenEnd& end) {
  return end.fact->how == EndKind::fin ? EffectKind::fin : EffectKind::reset;
}

Break of_end(Phase phase, const SeenEnd& end, const Leg& connection) {
  Effect effect{kind_of(end), 0, end.fact->inside};
  if (effect.detail == "head" && connection.garbage) effect.start = connection.garbage->fact->start;
  return at_event(phase, std::move(effect), end.at, end.index);
}

// --- before the 101

std::optional<Break> unsound_answer(const Leg& connection) {
  if (!connection.answer || connection.open()) return std::nullopt;
  const record::ResponseSeen& answer = *connection.answer->fact;
  const bool is_101 = answer.head->status == 101;
  Effect effect{is_101 ? EffectKind::invalid_101 : EffectKind::answer, answer.head->status};
  if (!answer.flaws->empty()) effect.detail = answer.flaws->front();
  return at_event(Phase::before_101, std::move(effect), connection.answer->at, connection.answer->index);
}

std::optional<Break> arrived_before_101(const Leg& connection) {
  std::optional<Break> first = unsound_answer(connection);
  keep_first(first, garbage_of(connection));
  if (connection.ended) keep_first(first, of_end(Phase::before_101, *connection.ended, connection));
  return first;
}

std::optional<Break> quiet_before_101(const Leg& connection, std::optional<std::int64_t> acted) {
  Break silence{.phase = Phase::before_101, .effect = EffectKind::silence};
  silence.at = connection.request ? connection.request->at : connection.accepted();
  if (connection.interim) silence.at = std::max(silence.at, *connection.interim);
  silence.earliest_from = connection.of->attempted;  // connecting is part of the handshake
  silence.index = connection.request ? connection.request->index : connection.index();
  silence.effect.in_tls = connection.tls_unmet;
  for (const Quiet& quiet : connection.quiet) {
    if (!quiet.until) silence.imposed = true;
  }
  if (connection.open() && !acted) return std::nullopt;
  return silence;
}

// --- open

Effect of_close(const Leg& connection, const SeenFrame& frame) {
  const record::FrameSeen& close = *frame.fact;
  Effect effect;
  effect.then_reset = connection.ended && kind_of(*connection.ended) == EffectKind::reset;
  if (close.length == 0) {
    effect.kind = EffectKind::close_empty;
    effect.value = 1005;
  } else if (!close.code || has_bad_reason(connection, frame)) {
    effect.kind = EffectKind::close_invalid;
  } else {
    effect.kind = EffectKind::close;
    effect.value = *close.code;
  }
  return effect;
}

std::optional<Break> illegal_frame(const Leg& connection, Phase phase) {
  for (const auto& violation : connection.violations) {
    const std::string& name = violation.fact->violation;
    if (is_of_close_body(name) || is_of_the_end(name)) continue;
    // It begins with its frame: the header is what an endpoint judges first.
    const auto number = [](const SeenFrame& each) { return each.fact->number; };
    const auto frame = std::ranges::lower_bound(connection.received, violation.fact->frame, {}, number);
    const bool known = frame != connection.received.end() && number(*frame) == violation.fact->frame;
    const std::size_t index = known ? frame->index : violation.index;
    const bool compression =
        name.find("compress") != std::string::npos || name.find("deflate") != std::string::npos;
    const EffectKind kind = compression ? EffectKind::bad_compression : EffectKind::illegal_frame;
    return at_event(phase, {kind, 0, name}, violation.at, index);
  }
  return std::nullopt;
}

constexpr std::int64_t end_of_time = INT64_MAX;

Break silent_from(const Leg& connection, std::int64_t from, std::int64_t until, std::size_t index) {
  Break silence{.phase = Phase::open, .effect = EffectKind::silence};
  // Whatever still arrives restarts the wait.
  silence.at = std::max(from, connection.last_arrival(until));
  silence.earliest_from = connection.last_arrival(from);
  silence.index = index;
  return silence;
}

// --- the client's own doing

std::optional<Break> frozen_before(const Leg& connection, const trace::Process& process, std::int64_t acted) {
  for (const Span& span : process.frozen) {
    if (span.from >= connection.accepted() && span.from < acted) {
      return Break{.phase = Phase::open, .effect = EffectKind::frozen, .at = span.from};
    }
  }
  return std::nullopt;
}

/// Told to stop, it says Close: from then on it waits for the peer's.
std::optional<Break> stopped(const Leg& connection, const trace::Process& process) {
  const auto told = process.stopped_after(connection.accepted());
  const auto close = connection.own_close();
  if (!told || !close || close->at < *told) return std::nullopt;
  const auto arrived = arrived_in_frames(connection, Phase::closing);
  if (arrived && arrived->index < close->index) return std::nullopt;
  if (arrived) return arrived;
  Effect effect{EffectKind::no_close_reply, close->fact->code.value_or(1005)};
  return at_event(Phase::closing, std::move(effect), close->at, close->index);
}

/// It ended the connection by itself and nothing that arrived explains it.
Break by_itself(const Leg& connection, std::int64_t acted) {
  Break none{.phase = Phase::open, .effect = EffectKind::nothing, .at = acted, .earliest_from = acted};
  none.imposed = true;
  if (connection.received.size() != connection.peer().sent.size()) {
    none.effect.detail = "messages were lost or added on the way";
  } else {
    none.effect.detail = connection.harm_on_the_way(acted);
  }
  return none;
}

}  // namespace

bool may_serve_on(const trace::ProcessEvent& killed, const model::Traits& traits) {
  return killed.main_only || traits.integer("drain_signal") == killed.signal;
}

Break at_event(Phase phase, Effect effect, std::int64_t at, std::size_t index) {
  return {.phase = phase,
          .effect = std::move(effect),
          .at = at,
          .earliest_from = at,
          .imposed = true,
          .index = index};
}

bool earlier(const std::optional<Break>& one, const std::optional<Break>& other) {
  return one && (!other || one->at < other->at || (one->at == other->at && one->index < other->index));
}

void keep_earlier(std::optional<Break>& first, std::optional<Break> found) {
  if (earlier(found, first)) first = std::move(found);
}

std::optional<Break> garbage_of(const Leg& connection) {
  const auto& garbage = connection.garbage;
  // The observer shows half a head and the end after it: the end is what counts.
  const bool half_a_head = connection.ended && connection.ended->fact->inside == "head";
  if (!garbage || half_a_head) return std::nullopt;
  Effect effect = EffectKind::garbage;
  effect.start = garbage->fact->start;
  effect.then_silent = !connection.ended || Duration(connection.ended->at - garbage->at) > soon;
  return at_event(Phase::before_101, std::move(effect), garbage->at, garbage->index);
}

std::optional<Break> arrived_in_frames(const Leg& connection, Phase phase) {
  std::optional<Break> first = illegal_frame(connection, phase);
  // At the same frame a violation of its form goes before what the Close says.
  if (const auto close = connection.peer_close())
    keep_first(first, at_event(phase, of_close(connection, *close), close->at, close->index));
  if (connection.ended) keep_first(first, of_end(phase, *connection.ended, connection));
  return first;
}

std::optional<Break> quiet_while_open(const Leg& connection, std::optional<std::int64_t> acted) {
  const std::int64_t until = acted.value_or(end_of_time);
  const auto ping = connection.unanswered_ping(until);
  for (const Quiet& quiet : connection.quiet) {
    // A silence that is over binds nobody, but it explains a client that gave up in it or soon after.
    const bool lasts = !quiet.until || (acted && *acted < *quiet.until) || (acted && ping);
    if (quiet.from > until || !lasts) continue;
    Break silence =
        silent_from(connection, std::max(quiet.from, connection.opened_at()), until, connection.index());
    if (ping) silence.earliest_from = std::min(silence.earliest_from, ping->at);
    silence.imposed = !quiet.until;
    return silence;
  }
  if (!ping) return std::nullopt;
  Break silence = silent_from(connection, ping->at, until, ping->index);
  // While other things arrive, a pong that is missing alone obliges nobody: it may wait behind a long
  // message.
  const bool alive = connection.last_arrival(end_of_time) > ping->at || is_amid_a_message(connection);
  if (!acted && alive) return std::nullopt;
  return silence;
}

bool has_bad_reason(const Leg& connection, const SeenFrame& close) {
  if (!wire::is_utf8(close.fact->text)) return true;
  return std::ranges::any_of(connection.violations, [&](const trace::SeenViolation& violation) {
    return violation.fact->frame == close.fact->number &&
           violation.fact->violation == "close-reason-bad-utf8";
  });
}

std::optional<std::int64_t> acted_at(const Leg& connection) {
  std::optional<std::int64_t> first;
  const auto earlier = [&](std::int64_t at) { first = std::min(first.value_or(at), at); };
  if (const auto close = connection.own_close()) earlier(close->at);
  if (connection.own_end) earlier(connection.own_end->at);
  if (!connection.reports().closes.empty()) earlier(connection.reports().closes.front().at);
  // An error alone does not end an open connection.
  if (!connection.open() && !connection.reports().errors.empty())
    earlier(connection.reports().errors.front().at);
  return first;
}

bool is_amid_a_message(const Leg& connection) {
  return connection.last_data > (connection.messages.empty() ? 0 : connection.messages.back().index);
}

std::optional<Break> refused_for_its_size(const Leg& connection, const model::Traits& traits) {
  const auto close = connection.own_close();
  const auto& end = connection.own_end;
  if (!close && !end) return std::nullopt;
  const std::size_t acted = close ? close->index : end->index;
  std::optional<SeenFrame> last;
  std::uint64_t size = 0;
  for (const SeenFrame& frame : connection.received) {
    if (frame.index > acted || wire::is_control(frame.fact->opcode)) continue;
    size = frame.fact->opcode == 0 ? size + frame.fact->length : frame.fact->length;
    last = frame;
  }
  if (!last) return std::nullopt;
  const auto refused = [&](std::string_view detail) {
    return at_event(Phase::open, {EffectKind::illegal_frame, 0, std::string(detail)}, last->at, last->index);
  };
  if (last->fact->length >= absurd) return refused(absurd_length);
  const auto most = static_cast<std::uint64_t>(traits.integer("max_message").value_or(everyone_takes));
  if (!close || close->fact->code != too_big_code || size <= most) return std::nullopt;
  return refused(too_large);
}

std::optional<Break> first_break(const Leg& connection, const trace::Process& process,
                                 const model::Traits& traits) {
  if (connection.number() == 0) {
    if (connection.of->dark)
      return at_event(Phase::before_101, EffectKind::unconnected, connection.accepted(), connection.index());
    if (!connection.of->unreachable) return std::nullopt;
    return at_event(Phase::before_101, EffectKind::refused, connection.accepted(), connection.index());
  }
  // It is open to nobody, whatever came after it.
  if (connection.tls_failure) {
    return at_event(Phase::before_101, EffectKind::tls_failure, connection.tls_failure->at,
                    connection.tls_failure->index);
  }
  const auto acted = acted_at(connection);
  const auto told = process.stopped_after(connection.accepted());
  const bool open = connection.open() && (!acted || connection.answer->at <= *acted);
  auto arrived = open ? arrived_in_frames(connection, Phase::open) : arrived_before_101(connection);
  if (arrived && (!acted || arrived->at <= *acted)) return arrived;
  // Told to stop before anything struck: what it does then is its own affair, but for the wait for a Close.
  if (told && (!acted || *told <= *acted)) {
    if (auto closing = open ? stopped(connection, process) : std::nullopt) return closing;
    if (acted) return Break{.phase = Phase::open, .effect = EffectKind::stopped, .at = *told};
  }
  if (auto large = refused_for_its_size(connection, traits)) return large;
  if (auto quiet = open ? quiet_while_open(connection, acted) : quiet_before_101(connection, acted))
    return quiet;
  if (!acted) return std::nullopt;
  if (auto frozen = frozen_before(connection, process, *acted)) return frozen;
  return by_itself(connection, *acted);
}

std::string what_broke(const Break& broke) {
  switch (broke.effect.kind) {
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return "its process " + deed(broke.effect, broke.phase);
    case EffectKind::nothing:
      return {};
    default:
      return "the server " + deed(broke.effect, broke.phase);
  }
}

}  // namespace wsfault::verdict::oracle
