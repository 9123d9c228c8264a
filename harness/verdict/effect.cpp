// The first effect that broke a connection of a party, and in which state it struck: what the oracle's rows
// are picked by.
#include "verdict/effect.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::EndKind;

constexpr std::uint8_t close_opcode = 8;
constexpr int too_big_code = 1009;
constexpr std::uint64_t everyone_takes = 64 * 1024;  // bytes

bool is_of_close_body(std::string_view violation) { return violation.starts_with("close-"); }
/// The stream's end says it, not the frame.
bool is_of_the_end(std::string_view violation) { return violation == "truncated-frame"; }

EffectKind kind_of(const SeenEnd& end) {
  return end.fact->how == EndKind::fin ? EffectKind::fin : EffectKind::reset;
}

Break of_end(State state, const SeenEnd& end) {
  return at_event(state, {kind_of(end), 0, end.fact->inside}, end.at, end.index);
}

// --- before the 101

/// Half a head, then the end: the observer shows both, the end is what counts.
bool is_half_a_head(const Leg& connection) {
  return connection.garbage && connection.ended && connection.ended->fact->inside == "head";
}

std::optional<Break> arrived_before_101(const Leg& connection) {
  std::optional<Break> first;
  const auto earlier = [&](Break found) {
    if (!first || found.index < first->index) first = std::move(found);
  };
  if (connection.answer && !connection.open()) {
    const record::ResponseSeen& answer = *connection.answer->fact;
    const bool is_101 = answer.head->status == 101;
    Effect effect{is_101 ? EffectKind::invalid_101 : EffectKind::answer, answer.head->status};
    if (!answer.flaws->empty()) effect.detail = answer.flaws->front();
    earlier(at_event(State::before_101, std::move(effect), connection.answer->at, connection.answer->index));
  }
  if (connection.garbage && !is_half_a_head(connection)) {
    earlier(at_event(State::before_101, {EffectKind::garbage, 0, connection.garbage->fact->start},
                     connection.garbage->at, connection.garbage->index));
  }
  if (connection.ended) earlier(of_end(State::before_101, *connection.ended));
  return first;
}

std::optional<Break> quiet_before_101(const Leg& connection, std::optional<std::int64_t> acted) {
  Break silence{.state = State::before_101, .effect = EffectKind::silence};
  silence.at = connection.request ? connection.request->at : connection.accepted();
  if (connection.interim) silence.at = std::max(silence.at, *connection.interim);
  silence.earliest_from = connection.accepted();
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
  effect.tcp_goes_on = !connection.ended && !connection.own_end;
  return effect;
}

std::optional<Break> illegal_frame(const Leg& connection, State state) {
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
    return at_event(state, {kind, 0, name}, violation.at, index);
  }
  return std::nullopt;
}

constexpr std::int64_t end_of_time = INT64_MAX;

Break silent_from(const Leg& connection, std::int64_t from, std::int64_t until, std::size_t index) {
  Break silence{.state = State::open, .effect = EffectKind::silence};
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
      return Break{.state = State::open, .effect = EffectKind::frozen, .at = span.from};
    }
  }
  return std::nullopt;
}

/// Told to stop, it says Close: from then on it waits for the peer's.
std::optional<Break> stopped(const Leg& connection, const trace::Process& process) {
  const auto told = process.stopped_after(connection.accepted());
  const auto close = connection.own_close();
  if (!told || !close || close->at < *told) return std::nullopt;
  const auto arrived = arrived_while_open(connection, State::closing);
  if (arrived && arrived->index < close->index) return std::nullopt;
  if (arrived) return arrived;
  Effect effect{EffectKind::no_close_reply, close->fact->code.value_or(1005)};
  return at_event(State::closing, std::move(effect), close->at, close->index);
}

/// It ended the connection by itself and nothing that arrived explains it.
Break by_itself(const Leg& connection, std::int64_t acted) {
  Break none{.state = State::open, .effect = EffectKind::nothing, .at = acted, .earliest_from = acted};
  none.imposed = true;
  if (connection.received.size() != connection.peer().sent.size())
    none.effect.detail = "messages were lost or added on the way";
  return none;
}

}  // namespace

Break at_event(State state, Effect effect, std::int64_t at, std::size_t index) {
  return {.state = state,
          .effect = std::move(effect),
          .at = at,
          .earliest_from = at,
          .imposed = true,
          .index = index};
}

std::optional<Break> arrived_while_open(const Leg& connection, State state) {
  std::optional<Break> first = illegal_frame(connection, state);
  const auto earlier = [&](Break found) {
    if (!first || found.index < first->index) first = std::move(found);
  };
  // At the same frame a violation of its form goes before what the Close says.
  if (const auto close = connection.peer_close()) {
    earlier(at_event(state, of_close(connection, *close), close->at, close->index));
  }
  if (connection.ended) earlier(of_end(state, *connection.ended));
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
  // While other things arrive, a pong that is missing alone obliges nobody.
  if (!acted && connection.last_arrival(end_of_time) > ping->at) return std::nullopt;
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

Duration quiet_before(const Leg& connection, const Break& broke) {
  std::int64_t last = connection.accepted();
  const auto passed = [&](std::int64_t at) {
    if (at < broke.at) last = std::max(last, at);
  };
  if (connection.answer) passed(connection.answer->at);
  for (const auto* frames : {&connection.received, &connection.sent}) {
    const auto after =
        std::ranges::lower_bound(*frames, broke.at, {}, [](const SeenFrame& each) { return each.at; });
    if (after != frames->begin()) passed((after - 1)->at);
  }
  return Duration(broke.at - last);
}

std::optional<Break> refused_for_its_size(const Leg& connection) {
  const auto close = connection.own_close();
  if (!close || close->fact->code != too_big_code) return std::nullopt;
  std::optional<SeenFrame> last;
  std::uint64_t size = 0;
  for (const SeenFrame& frame : connection.received) {
    if (frame.index > close->index || frame.fact->opcode >= close_opcode) continue;
    size = frame.fact->opcode == 0 ? size + frame.fact->length : frame.fact->length;
    last = frame;
  }
  if (!last || size <= everyone_takes) return std::nullopt;
  return at_event(State::open, {EffectKind::illegal_frame, 0, std::string(too_large)}, last->at, last->index);
}

std::optional<Break> first_break(const Leg& connection, const trace::Process& process) {
  if (connection.number() == 0) {
    if (!connection.of->unreachable) return std::nullopt;
    return at_event(State::before_101, EffectKind::refused, connection.accepted(), connection.index());
  }
  // It is open to nobody, whatever came after it.
  if (connection.tls_failure) {
    return at_event(State::before_101, EffectKind::tls_failure, connection.tls_failure->at,
                    connection.tls_failure->index);
  }
  const auto acted = acted_at(connection);
  const auto told = process.stopped_after(connection.accepted());
  const bool open = connection.open() && (!acted || connection.answer->at <= *acted);
  auto arrived = open ? arrived_while_open(connection, State::open) : arrived_before_101(connection);
  if (arrived && (!acted || arrived->at <= *acted)) return arrived;
  // Told to stop before anything struck: what it does then is its own affair, but for the wait for a Close.
  if (told && (!acted || *told <= *acted)) {
    if (auto closing = open ? stopped(connection, process) : std::nullopt) return closing;
    if (acted) return Break{.state = State::open, .effect = EffectKind::stopped, .at = *told};
  }
  if (auto large = refused_for_its_size(connection)) return large;
  if (auto quiet = open ? quiet_while_open(connection, acted) : quiet_before_101(connection, acted))
    return quiet;
  if (!acted) return std::nullopt;
  if (auto frozen = frozen_before(connection, process, *acted)) return frozen;
  return by_itself(connection, *acted);
}

}  // namespace wsfault::verdict::oracle
