// A connection that goes back to the fast lane: nothing is to be done on it any more that the relay could not do.
#include <algorithm>
#include <utility>

#include "actor/connection.hpp"
#include "actor/fast_lane.hpp"

namespace wsfault::actor {

using fault::Clock;

/// It does nothing to what comes from now on.
bool Connection::is_done(const ActiveFault& active) const {
  return active.watchers == 0 && (!active.active || active.spec()->acts_once);
}

bool Connection::may_return() {
  if (!setting_.lane_is_free || !opened_ || closing_ || number_ == uncounted || take_number_ || !unchanged_) return false;
  if (dark_ || stranded_ || forgotten_ || reset_next_ || !setting_.lane_is_free()) return false;
  if (!pending_.empty() || !awaiting_request_.empty() || waiting_injections_ > 0 || waiting_for_passage_ > 0) return false;
  if (!std::ranges::all_of(faults_, [this](const auto& each) { return is_done(*each); })) return false;
  const auto is_plain = [](const Half& half) {
    return half.socket && !half.socket->has_tls() && !half.socket->ended() && !half.gone && !half.ended &&
           !half.detached && !half.swallowed && !half.stalled && !half.close_seen && half.aside.empty() &&
           half.outbox.is_idle();
  };
  if (!std::ranges::all_of(halves_, is_plain)) return false;
  return std::ranges::all_of(std::array{Side::client, Side::server}, [this](Side from) {
    StreamReader& sent = half(from).sent;
    StreamReader& arrived = half(wire::opposite(from)).outbox.arrived();
    if (sent.position() != arrived.position() || !arrived.hand_on()) return false;
    const auto tracker = sent.hand_on();
    return tracker && !tracker->is_before(setting_.untold->stops);
  });
}

/// When it may go back, if only its shortest stay keeps it; while it waits for its readers, soon.
Clock::time_point Connection::next_look() const {
  constexpr Duration soon = std::chrono::milliseconds(1);
  if (returning_) return Clock::now() + soon;
  const bool is_kept = is_resumed_ && Clock::now() < stays_until_ && setting_.lane_is_free && setting_.lane_is_free();
  return is_kept ? stays_until_ : Clock::time_point::max();
}

/// Whoever reads at the moment stops with what has come.
void Connection::pause_reading() {
  returning_ = true;
  for (Half& half : halves_) {
    if (!half.paused) half.socket->cancel();
  }
}

void Connection::read_all_on() {
  returning_ = false;
  for (const Side side : {Side::client, Side::server}) {
    if (std::exchange(half(side).paused, false) && !half(side).gone) tasks_.spawn(read_on(side));
  }
}

/// True: it is on the lane now.
bool Connection::goes_back() {
  const bool is_paused = std::ranges::all_of(halves_, &Half::paused);
  if (!is_paused && !returning_ && Clock::now() < stays_until_) return false;
  if (!may_return()) {
    read_all_on();
    return false;
  }
  if (!is_paused) {
    pause_reading();
    return false;
  }
  Transfer transfer = hand_over();
  setting_.to_lane(*this, std::move(transfer));
  return true;
}

/// Nothing is left here.
Transfer Connection::hand_over() {
  const auto way_of = [this](Side side) {
    Half& source = half(side);
    const relay::FrameTracker tracker = *source.sent.hand_on();
    return relay::Way{.phase = relay::Phase::frames,
                      .sent = tracker,
                      .arrived = tracker,
                      .arriving = {},
                      .backlog = {},
                      .unread = source.unread,
                      .read = source.read + source.unread.size(),
                      .written = half(wire::opposite(side)).outbox.written(),
                      .died = {}};
  };
  Transfer transfer{.sockets = {{}, {}, false, {way_of(Side::client), way_of(Side::server)}},
                    .heads = {half(Side::client).sent.head(), half(Side::server).sent.head()},
                    .number = number_,
                    .address = address_,
                    .accepted_at = accepted_at_,
                    .opened = true};
  transfer.sockets.client = half(Side::client).socket->release();
  transfer.sockets.server = half(Side::server).socket->release();
  for (Half& half : halves_) {
    half.gone = true;
    half.outbox.close();
  }
  returned_ = closing_ = true;
  number_ = uncounted;
  changed_.notify();
  return transfer;
}

}  // namespace wsfault::actor
