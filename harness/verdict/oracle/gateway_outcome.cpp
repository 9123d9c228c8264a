// What a gateway did about a break, held against the row.
#include "verdict/oracle/gateway_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "value/words.hpp"
#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_passed.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using Kind = Outcome::Kind;
using record::EndKind;
using trace::SeenMessage;

constexpr int no_code = 1005;
constexpr int abnormal = 1006;

void take_end(Did& did, const Leg& leg) {
  if (const auto& end = leg.own_end) {
    did.kind = Did::Kind::end;
    did.reset = end->fact->how != EndKind::fin;
    did.at = end->at;
    did.index = end->index;
  }
}

Did close_or_end(const Leg& leg) {
  Did did;
  take_end(did, leg);
  if (const auto close = leg.own_close()) {
    did = {.kind = Did::Kind::close, .value = close->fact->code.value_or(no_code), .at = close->at};
    did.index = close->index;
    did.reason = close->fact->text;
  }
  return did;
}

/// The frame of a break left the gateway as it came.
bool passed_frame(const Leg& from, const Leg& to, std::size_t index) {
  const auto frame = std::ranges::find(from.received, index, &SeenFrame::index);
  if (frame == from.received.end()) return false;
  return std::ranges::any_of(to.sent, [&](const SeenFrame& sent) {
    return sent.index > index && same_frame(*sent.fact, *frame->fact);
  });
}

/// The Close of the other side, as it came.
bool passed_close(const Leg& from, const Leg& to) {
  const auto came = from.peer_close();
  const auto left = to.own_close();
  return came && left && same_frame(*came->fact, *left->fact);
}

bool passed_answer(const GatewayCase& it) {
  const Leg& front = *it.pair.front;
  const Leg& back = *it.pair.back;
  switch (it.broke().effect.kind) {
    case EffectKind::answer:
      return front.answer && front.answer->fact->head->status == it.broke().effect.value;
    case EffectKind::invalid_101:
      return front.has_101() && !front.answer->fact->flaws->empty();
    case EffectKind::garbage:
      return front.garbled && back.garbage &&
             (front.garbled->fact->start.view().starts_with(back.garbage->fact->start) ||
              back.garbage->fact->start.view().starts_with(front.garbled->fact->start));
    default:
      return !front.answer && front.own_end.has_value();
  }
}

/// A code that only names what was not said is on no wire, unless it was passed on from one.
bool sees(const Outcome& outcome, const Did& did) {
  if (did.is(Did::Kind::end)) return outcome.matches(Kind::report, abnormal);
  const bool reserved = did.is(Did::Kind::close) && did.value == no_code;
  const bool legal = wire::may_be_on_wire(did.value) || reserved;
  return did.is(Did::Kind::close) && legal && outcome.matches(Kind::report, did.value);
}

bool matches(const Outcome& outcome, const Did& did, bool passed) {
  switch (outcome.kind) {
    case Kind::report:
      return sees(outcome, did) || (passed && did.is(Did::Kind::close) && outcome.first == did.value);
    case Kind::opens:
      return did.is(Did::Kind::open) && !did.flawed;
    case Kind::stays_open:
      return did.is(Did::Kind::nothing);
    case Kind::ends:
      return did.is(Did::Kind::end);
    case Kind::close:
      return did.is(Did::Kind::close) && outcome.matches(Kind::close, did.value);
    case Kind::status:
      return did.is(Did::Kind::answer) && outcome.matches(Kind::status, did.value);
    case Kind::passes_on:
      return passed;
    case Kind::error:
    case Kind::follows:
      return false;
  }
  return false;
}

bool any_matches(const Outcomes& outcomes, const Did& did, bool passed) {
  return std::ranges::any_of(outcomes, [&](const Outcome& each) { return matches(each, did, passed); });
}

bool is_class_of_its_own(int status) {
  return status == 401 || status == 403 || status == 429 || status == 503;
}

/// 401, 403, 429 and 503, and the classes of Close codes, each of 3000-4999 for itself.
bool changes_class(const Effect& effect, const Did& did) {
  if (effect.kind == EffectKind::answer) {
    if (did.is(Did::Kind::close)) return is_class_of_its_own(effect.value);
    return did.is(Did::Kind::answer) && effect.value != did.value &&
           (is_class_of_its_own(effect.value) || is_class_of_its_own(did.value));
  }
  if (effect.kind != EffectKind::close || !did.is(Did::Kind::close)) return false;
  if (!wire::may_be_on_wire(effect.value) || effect.value == did.value) return false;
  const bool own = effect.value >= 3000 || did.value >= 3000;
  return own || wire::close_code(effect.value).close_class != wire::close_code(did.value).close_class;
}

Cause cause_of_mismatch(const GatewayCase& it, bool passed) {
  const Effect& effect = it.broke().effect;
  const Did& did = it.did;
  if (changes_class(effect, did)) return Cause::class_changed;
  if (it.is_peer() && passed && did.is(Did::Kind::close)) return Cause::passes_illegal;
  switch (effect.kind) {
    case EffectKind::invalid_101:
      return did.is(Did::Kind::open) ? Cause::bad_101_passed : Cause::hides_the_failure;
    case EffectKind::close:
    case EffectKind::close_empty:
      return did.is(Did::Kind::close) ? Cause::code_rewritten : Cause::hides_the_failure;
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::reloaded:
      return Cause::ends_by_itself;
    default:
      return Cause::hides_the_failure;
  }
}

/// RFC 6455 7.1.6: the reason belongs to the code.
std::optional<Opinion> opinion_on_reason(const Leg& from, const Did& did, const Effect& effect) {
  const auto close = from.peer_close();
  const bool same_code = effect.kind == EffectKind::close && did.is(Did::Kind::close) &&
                         did.value == effect.value && wire::may_be_on_wire(effect.value);
  if (!same_code || !close || close->fact->text == did.reason) return std::nullopt;
  return Opinion{Verdict::violated, did.reason.empty() ? "the reason was dropped" : "the reason was changed",
                 Cause::reason_dropped};
}

Opinion opinion_on(const GatewayCase& it, bool passed, const Leg* from) {
  const bool bytes_pass = !it.is_peer() && passed && it.did.is(Did::Kind::close);
  if (bytes_pass) return {};
  const bool fine = any_matches(it.row.fine, it.did, passed);
  if (!fine && !any_matches(it.row.warned, it.did, passed))
    return {Verdict::violated, {}, cause_of_mismatch(it, passed)};
  if (from) {
    if (const auto reason = opinion_on_reason(*from, it.did, it.broke().effect)) return *reason;
  }
  if (fine) return {};
  return {Verdict::warned, {}};
}

bool is_compressed(const Leg& leg) {
  const auto marked = [](const SeenFrame& frame) { return frame.fact->compressed; };
  return std::ranges::any_of(leg.received, marked) || std::ranges::any_of(leg.sent, marked);
}

/// Each message left the gateway as it came, and in its order; what is compressed may be so anew, and before
/// an earlier attempt failed others may have passed.
Opinion opinion_on_messages(const GatewayCase& it, const Leg& from, const Leg& to) {
  if (it.pair.attempts > 1 || is_compressed(from) || is_compressed(to)) return {};
  const auto& came = from.messages;
  for (std::size_t i = 0; i < std::min(came.size(), to.passed.size()); ++i) {
    const record::MessageSeen& one = *came[i].fact;
    const record::MessageSeen& other = *to.passed[i].fact;
    const bool same = one.opcode == other.opcode && one.size == other.size && one.payload == other.payload;
    if (!same)
      return {Verdict::violated, fmt::format("message {} was changed", i + 1), Cause::message_changed};
  }
  return {};
}

}  // namespace

Did did_to_client(const Leg& front, State state) {
  Did did;
  if (state != State::before_101) return close_or_end(front);
  take_end(did, front);
  const auto earlier = [&](std::size_t index) { return did.is(Did::Kind::nothing) || index < did.index; };
  if (front.garbled && earlier(front.garbled->index)) {
    did = {.kind = Did::Kind::garbage, .at = front.garbled->at};
    did.index = front.garbled->index;
  }
  if (front.answer && earlier(front.answer->index)) {
    did = {.kind = front.has_101() ? Did::Kind::open : Did::Kind::answer};
    did.value = front.answer->fact->head->status;
    did.flawed = !front.answer->fact->flaws->empty();
    did.at = front.answer->at;
    did.index = front.answer->index;
  }
  return did;
}

Did did_to_backend(const Leg& back) { return close_or_end(back); }

bool passed_to_client(const GatewayCase& it) {
  if (!it.pair.back) return false;
  if (it.broke().state == State::before_101) return passed_answer(it);
  if (it.did.is(Did::Kind::close)) return passed_close(*it.pair.back, *it.pair.front);
  return passed_frame(*it.pair.back, *it.pair.front, it.broke().index);
}

bool passed_to_backend(const GatewayCase& it) {
  if (!it.pair.back) return false;
  if (it.did.is(Did::Kind::close)) return passed_close(*it.pair.front, *it.pair.back);
  // The violation is told behind its frame: the last one that had come by then.
  const auto& frames = it.pair.front->received;
  std::size_t index = SIZE_MAX;
  for (const SeenFrame& frame : frames) {
    if (frame.index <= it.broke().index) index = frame.index;
  }
  return passed_frame(*it.pair.front, *it.pair.back, index);
}

Opinion opinion_on_client(const GatewayCase& it) {
  return opinion_on(it, passed_to_client(it), it.pair.back);
}

Opinion opinion_on_backend(const GatewayCase& it) {
  return opinion_on(it, passed_to_backend(it), it.pair.front);
}

Opinion opinion_on_tail(const GatewayCase& it) {
  if (!it.pair.back || it.broke().state == State::before_101) return {};
  const bool to_client = it.began.by == Began::backend;
  const Leg& from = to_client ? *it.pair.back : *it.pair.front;
  const Leg& to = to_client ? *it.pair.front : *it.pair.back;
  const auto came_by = [&](std::int64_t until) {
    return static_cast<std::size_t>(std::ranges::count_if(from.messages, [&](const SeenMessage& each) {
      return each.index < it.broke().index && each.at <= until;
    }));
  };
  const std::size_t came = came_by(std::numeric_limits<std::int64_t>::max());
  if (to.passed.size() >= came) return opinion_on_messages(it, from, to);
  // An RST may drop what the gateway has not read; what it had for longer, it had read.
  const auto& end = from.ended;
  const bool kernel = end && end->fact->how == EndKind::reset &&
                      to.passed.size() >= came_by(end->at - std::chrono::nanoseconds(grace).count());
  return {kernel ? Verdict::warned : Verdict::violated,
          fmt::format("{} of the {} before the end {} lost", came - to.passed.size(),
                      counted(came, "message"), came - to.passed.size() == 1 ? "was" : "were"),
          Cause::tail_lost};
}

}  // namespace wsfault::verdict::oracle
