// A connection that comes from the fast lane: its readers and writers go on where the relay was.
#include <utility>

#include "actor/connection.hpp"
#include "actor/fast_lane.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;
using relay::Phase;


/// What it reads was told already.
void read_again(StreamReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t consumed = reader.next(bytes, false).consumed;
    if (consumed == 0) return;
    bytes.remove_prefix(consumed);
  }
}

void bring_to(StreamReader& reader, const std::string& head, const relay::FrameTracker& tracker,
              std::uint64_t position) {
  read_again(reader, std::string_view(head).substr(0, position));
  if (position > head.size()) reader.skip_to(position, tracker.position(), tracker.progress());
}

}  // namespace

void Connection::take_over(Transfer from) {
  if (from.sockets.dialling) {
    begun_ = std::move(from.sockets.server);
  } else if (from.sockets.server.is_open()) {
    half(Side::server).socket.emplace(executor_, std::move(from.sockets.server));
  }
  is_resumed_ = true;
  stays_until_ = Clock::now() + setting_.shortest_stay;
  accepted_at_ = from.accepted_at;
  opened_ = from.opened;
  dial_error_ = from.dial_error;
  for (const Side side : {Side::client, Side::server}) {
    Half& source = half(side);
    Half& sink = half(wire::opposite(side));
    StreamReader& arrived = sink.outbox.arrived();
    relay::Way& way = from.sockets.ways[relay::index_of(side)];
    const std::string& head = from.heads[relay::index_of(side)];
    source.unread = std::move(way.unread);
    source.read = source.taken = way.read - source.unread.size();
    if (way.phase == Phase::raw) {
      source.sent.pass_raw();
      arrived.pass_raw();
    } else if (way.phase == Phase::heads) {
      read_again(source.sent, head);
      read_again(arrived, std::string_view(head).substr(0, way.written));
    } else {
      // It is counted where it is told.
      if (way.sent.in_end_of_message()) --setting_.untold->tally.messages[relay::index_of(side)];
      bring_to(source.sent, head, way.sent, source.read);
      bring_to(arrived, head, way.arrived, way.written - way.arriving.size());
      read_again(arrived, way.arriving);
    }
    // Each 101 is read against the request that it answers.
    if (const auto& request = source.sent.request(); side == Side::client && request) {
      half(Side::server).sent.set_request(*request);
      half(Side::client).outbox.arrived().set_request(*request);
    }
    source.passes = true;
    source.as_they_come = true;  // until the head or frame is whole in which it is
    source.mid_frame = !source.sent.at_frame_boundary();
    source.mid_message = !source.sent.at_message_boundary();
    sink.outbox.resume(way.written, std::move(way.backlog), from.opened);
  }
  for (const record::Tap tap : {record::Tap::sent, record::Tap::arrived}) note_answer(tap);
  take_ends(from);
}

/// How its sockets have ended by now.
void Connection::take_ends(const Transfer& from) {
  for (const Side side : {Side::client, Side::server}) {
    Half& source = half(side);
    const relay::Way& way = from.sockets.ways[relay::index_of(side)];
    if (way.died && source.socket) source.socket->note_end(*way.died);
    if (!way.ended) continue;
    source.ended = true;
    source.end = net::StreamEnd{net::EndKind::fin, 0};
    Outbox& outbox = half(wire::opposite(side)).outbox;
    if (way.fin_sent) {
      outbox.note_fin_sent();
    } else {
      outbox.push_fin();
    }
  }
}

/// Reads on where the relay stopped; of a side whose FIN it has read, only a RST may follow.
net::Task<void> Connection::read_on(Side from) {
  Half& source = half(from);
  if (source.end && source.end->kind == net::EndKind::fin) {
    co_await watch_reset(from);
    co_return;
  }
  source.paused = false;
  const std::string unread = std::exchange(source.unread, {});
  if (!unread.empty()) co_await take(from, unread);
  co_await pump(from);
}

}  // namespace wsfault::actor
