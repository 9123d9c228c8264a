// Which connections of a link pass by its fast lane, and when they leave it.
#include <algorithm>
#include <utility>

#include "actor/fast_lane.hpp"
#include "actor/link.hpp"

namespace wsfault::actor {
namespace {

/// The first ordinals of each kind. A Close stops the relay anyway.
relay::Stops stops_for(const std::vector<fault::Moment>& moments) {
  using Kind = fault::Moment::Kind;
  relay::Stops stops;
  for (const fault::Moment& moment : moments) {
    for (const Side side : {Side::client, Side::server}) {
      if (moment.from && *moment.from != side) continue;
      relay::Stops::Ordinals& of = stops.of[relay::index_of(side)];
      if (moment.kind == Kind::frame) of.frame = std::min(of.frame, moment.number);
      if (moment.kind == Kind::message) of.message = std::min(of.message, moment.number);
      if (moment.kind == Kind::ping) of.ping = std::min(of.ping, moment.number);
      if (moment.kind == Kind::pong) of.pong = std::min(of.pong, moment.number);
    }
  }
  return stops;
}

}  // namespace

std::size_t Link::on_fast_lane() const { return lane_ ? lane_->size() : 0; }

bool Link::may_go_fast() const {
  return lane_ && setting_.event_needs == 0 && setting_.counts && standing_.empty() && setting_.idles.empty() &&
         setting_.bytes.empty() && setting_.holds_messages == 0 && setting_.tells_forwarded == 0 &&
         setting_.declines_compression == 0;
}

void Link::leave_fast_lane() {
  if (lane_) lane_->all_leave();
}

void Link::adopt(Transfer departed) {
  net::Socket client(executor_, std::move(departed.sockets.client));
  connections_.push_back(std::make_unique<Connection>(setting_, std::move(client), setting_.client_party,
                                                      departed.number, Connection::TakeNumber(),
                                                      departed.address));
  Connection& connection = *connections_.back();
  connection.take_over(std::move(departed));
  tasks_.spawn(tend(connection, {}));
}

/// It is told of no connection that it had: to all others here it is one of the lane.
void Link::take_back(Connection& connection, Transfer transfer) {
  const auto own = std::ranges::find(connections_, &connection, &std::unique_ptr<Connection>::get);
  returned_.push_back(std::move(*own));
  connections_.erase(own);
  lane_->take_back(std::move(transfer));
}

void Link::offer_lane() {
  if (!may_go_fast()) return;
  for (const auto& living : connections_) living->offer_lane();
}

void Link::need_events(bool needed) {
  setting_.event_needs += needed ? 1 : -1;
  needed ? leave_fast_lane() : offer_lane();
}

void Link::need_count(const fault::Moment& moment, bool needed) {
  const auto same = [&](const fault::Moment& each) { return to_string(each) == to_string(moment); };
  if (needed) {
    counted_.push_back(moment);
  } else if (const auto found = std::ranges::find_if(counted_, same); found != counted_.end()) {
    counted_.erase(found);
  }
  if (setting_.untold) setting_.untold->stops = stops_for(counted_);
  if (!needed) offer_lane();
}

void Link::decline_compression(bool needed) {
  setting_.declines_compression += needed ? 1 : -1;
  needed ? leave_fast_lane() : offer_lane();
}

const relay::Tally& Link::tally() const {
  static const relay::Tally none;
  return setting_.untold ? setting_.untold->tally : none;
}

}  // namespace wsfault::actor
