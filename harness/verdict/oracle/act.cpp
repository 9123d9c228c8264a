#include "verdict/oracle/act.hpp"

#include "record/http_in_frames.hpp"
#include "verdict/oracle/words.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

void take_end(Act& act, const Leg& leg) {
  const auto& end = leg.own_end;
  if (!end) return;
  act.kind = ReactionKind::ends;
  act.reset = end->fact->how != record::EndKind::fin;
  act.at = end->at;
  act.index = end->index;
}

Act close_or_end(const Leg& leg) {
  Act act;
  take_end(act, leg);
  const auto close = leg.own_close();
  const auto page = close ? record::status_line_in(*close->fact) : std::nullopt;
  if (page) {
    act = {.kind = ReactionKind::garbage, .start = *page, .at = close->at};
    act.index = close->index;
  } else if (close) {
    act = {.kind = ReactionKind::close,
           .value = close->fact->code.value_or(wire::no_status_received),
           .at = close->at};
    act.index = close->index;
    act.close = close_words(*close->fact);
    act.reason = close->fact->text;
  }
  return act;
}

}  // namespace

Act act_on(const Leg& leg, Phase phase) {
  if (phase != Phase::before_101) return close_or_end(leg);
  Act act{.before_101 = true};
  take_end(act, leg);
  const auto earlier = [&](std::size_t index) { return act.is_nothing() || index < act.index; };
  // The observer shows half a head and the end after it: the end is what counts.
  const bool half_a_head = leg.own_end && leg.own_end->fact->inside == "head";
  if (leg.garbled && half_a_head) act.start = leg.garbled->fact->start;
  if (leg.garbled && !half_a_head && earlier(leg.garbled->index)) {
    act = {.kind = ReactionKind::garbage, .start = leg.garbled->fact->start, .before_101 = true};
    act.at = leg.garbled->at;
    act.index = leg.garbled->index;
  }
  if (leg.answer && earlier(leg.answer->index)) {
    act = {.kind = leg.has_101() ? ReactionKind::opens : ReactionKind::status, .before_101 = true};
    act.value = leg.answer->fact->head->status;
    act.flawed = !leg.answer->fact->flaws->empty();
    act.at = leg.answer->at;
    act.index = leg.answer->index;
  }
  return act;
}

std::optional<Sign> first_sign(const Leg& leg) {
  std::optional<Sign> first;
  const auto sign = [&](const auto& seen) {
    if (seen && (!first || seen->index < first->index)) first = Sign{seen->at, seen->index};
  };
  if (leg.answer && (!leg.has_101() || !leg.answer->fact->flaws->empty())) sign(leg.answer);
  sign(leg.garbled);
  sign(leg.own_close());
  sign(leg.own_end);
  return first;
}

std::optional<std::int64_t> killed_in_stopping(const Break& broke, const Act& act, const trace::Process& process) {
  if (broke.effect.kind != EffectKind::stopped) return std::nullopt;
  const auto killed = process.killed_in_stopping(broke.at);
  return killed && !act.is_nothing() && act.at < *killed ? std::nullopt : killed;
}

bool same_frame(const record::FrameSeen& one, const record::FrameSeen& other) {
  return one.opcode == other.opcode && one.fin == other.fin && one.rsv == other.rsv &&
         one.masked == other.masked && one.length == other.length && one.code == other.code &&
         one.text == other.text;
}

}  // namespace wsfault::verdict::oracle
