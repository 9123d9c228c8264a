#include "verdict/oracle/passed.hpp"

#include <algorithm>

namespace wsfault::verdict::oracle {
namespace {

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

bool passed_answer(const Leg& back, const Leg& front, const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::answer:
      return front.answer && front.answer->fact->head->status == effect.value;
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

/// A violation is recorded after its frame: that is the last one that had come by then.
std::size_t frame_of(const Break& broke, const Leg& from) {
  const auto after = std::ranges::upper_bound(from.received, broke.index, {}, &SeenFrame::index);
  return after == from.received.begin() ? SIZE_MAX : (*std::prev(after)).index;
}

}  // namespace

bool passed_on(const Leg& from, const Leg& to, const Break& broke, const Act& act) {
  if (broke.phase == Phase::before_101) return passed_answer(from, to, broke.effect);
  if (act.is(ReactionKind::close) || act.is_page()) return passed_close(from, to);
  return passed_illegal_frame(from, to, broke);
}

bool passed_illegal_frame(const Leg& from, const Leg& to, const Break& broke) {
  return is_illegal(broke.effect) && passed_frame(from, to, frame_of(broke, from));
}

}  // namespace wsfault::verdict::oracle
