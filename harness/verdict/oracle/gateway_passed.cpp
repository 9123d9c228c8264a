// Frames that a gateway passed on as they came.
#include "verdict/oracle/gateway_passed.hpp"

#include <algorithm>

namespace wsfault::verdict::oracle {
namespace {

void take_own(const Leg& from, const Leg& to, std::set<std::size_t>& own) {
  const auto& frames = from.received;
  auto next = frames.begin();
  for (const SeenFrame& sent : to.sent) {
    const auto came = std::find_if(next, frames.end(), [&](const SeenFrame& each) {
      return each.index < sent.index && same_frame(*each.fact, *sent.fact);
    });
    if (came == frames.end()) {
      own.insert(sent.index);
    } else {
      next = std::next(came);
    }
  }
}

}  // namespace

bool same_frame(const record::FrameSeen& one, const record::FrameSeen& other) {
  return one.opcode == other.opcode && one.fin == other.fin && one.rsv == other.rsv &&
         one.masked == other.masked && one.length == other.length && one.code == other.code &&
         one.text == other.text;
}

std::set<std::size_t> own_frames(const GatewayLog& log) {
  std::set<std::size_t> own;
  for (const Pair& pair : log.pairs) {
    if (pair.unclear) continue;
    if (pair.back) {
      take_own(*pair.back, *pair.front, own);
      take_own(*pair.front, *pair.back, own);
    } else {
      for (const SeenFrame& sent : pair.front->sent) own.insert(sent.index);
    }
  }
  return own;
}

}  // namespace wsfault::verdict::oracle
