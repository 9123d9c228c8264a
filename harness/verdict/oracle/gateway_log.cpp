// A gateway's log by connection, seen from the gateway.
#include "verdict/oracle/gateway_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <variant>

#include "verdict/oracle/leg_index.hpp"
#include "wire/handshake.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::Event;
using record::Side;
using record::Tap;

constexpr std::uint8_t close_opcode = 8;

bool is_back(record::Name link) {
  static const record::Name front = "front";
  static const record::Name network = "network";
  return !link.empty() && link != front && link != network;
}

std::string key_in(const wire::RequestHead& head) {
  const auto value = wire::find_header(head.headers, connection_header);
  return value ? std::string(*value) : std::string();
}

/// Adds to the legs what an Observed does not keep.
class Gatherer {
 public:
  explicit Gatherer(Legs& legs)
      : legs_(legs), fronts_(entries(legs.fronts)), backs_(entries(legs.backs)) {}

  void take(const Event& event, std::size_t index) {
    at_ = event.at;
    index_ = index;
    const bool back = is_back(event.where.link);
    if (!back && event.where.link != "front") return;
    own_ = back ? Side::client : Side::server;
    if (back) take_plain(event);
    leg_ = back ? find(legs_.backs, backs_, event.where) : find(legs_.fronts, fronts_, event.where);
    if (!leg_) return;
    std::visit([this](const auto& fact) { see(fact); }, event.what);
  }

 private:
  static std::vector<LegIndex::Entry> entries(const std::vector<Leg>& legs) {
    std::vector<LegIndex::Entry> all;
    for (const Leg& leg : legs) all.push_back({leg.seen.index, leg.link, leg.party, leg.number()});
    return all;
  }

  Leg* find(std::vector<Leg>& legs, LegIndex& index, const record::Where& where) const {
    const std::size_t found = index.find(where, index_);
    return found == LegIndex::none ? nullptr : &legs[found];
  }

  template <typename T>
  void see(const T&) {}

  void see(const record::RequestSeen& request) {
    if (request.tap == Tap::sent) leg_->key = key_in(request.head);
    if (request.tap == Tap::arrived && own_ == Side::server) leg_->upgrade = request.upgrade;
  }

  void see(const record::ResponseSeen& response) {
    if (own_ != Side::server || response.tap != Tap::sent || leg_->answered) return;
    const int status = response.head->status;
    if (status >= 100 && status < 200 && status != 101) {
      leg_->interim = at_;
    } else {
      leg_->answered = {at_, index_, &response};
    }
  }

  void see(const record::NotHttp& bytes) {
    if (bytes.from == Side::server && own_ == Side::server && bytes.tap == Tap::sent && !leg_->garbled)
      leg_->garbled = {at_, index_, &bytes};
  }

  void see(const record::MessageSeen& message) {
    if (message.from == own_ && message.tap == Tap::sent) leg_->passed.push_back({at_, index_, &message});
  }

  void see(const record::ViolationSeen& violation) {
    if (violation.from == own_ && violation.tap == Tap::sent)
      leg_->broke_itself.push_back({at_, index_, &violation});
  }

  void see(const record::FrameSeen& frame) {
    if (frame.opcode != close_opcode) return;
    const bool peers = frame.from != own_;
    auto& slot = peers ? leg_->peer_close_sent : leg_->own_close_arrived;
    if (frame.tap == (peers ? Tap::sent : Tap::arrived) && !slot) slot = index_;
  }

  /// Requests without an upgrade give their numbers back: no Observed has them.
  void take_plain(const Event& event) {
    const record::Where& where = event.where;
    if (const auto* request = std::get_if<record::RequestSeen>(&event.what)) {
      if (request->tap != Tap::sent || request->upgrade) return;
      legs_.plain.push_back({event.at, index_, key_in(request->head), request->head->target, {}});
      open_ = where;
    } else if (const auto* response = std::get_if<record::ResponseSeen>(&event.what)) {
      const bool of_it = open_.link == where.link && open_.connection == where.connection;
      const bool final = response->head->status >= 200 && response->tap == Tap::arrived;
      if (of_it && final && !legs_.plain.empty() && !legs_.plain.back().status)
        legs_.plain.back().status = response->head->status;
    } else if (std::holds_alternative<record::Accepted>(event.what)) {
      if (open_.link == where.link && open_.connection == where.connection) open_ = {};
    }
  }

  Legs& legs_;
  LegIndex fronts_;
  LegIndex backs_;
  Leg* leg_ = nullptr;
  Side own_ = Side::server;
  std::int64_t at_ = 0;
  std::size_t index_ = 0;
  record::Where open_;  // of the last plain request
};

void take_leg(std::vector<Leg>& legs, const Seat& seat, Observed seen) {
  if (seen.number == 0) return;
  Leg leg;
  leg.link = seat.link;
  leg.party = seat.party;
  leg.seen = std::move(seen);
  if (leg.link == "front") leg.key = fmt::format("{}-{}", seat.party, leg.number());
  legs.push_back(std::move(leg));
}

}  // namespace

Legs read_legs(const std::vector<Event>& events) {
  Legs legs;
  std::set<record::Name> links = {"back"};
  for (const Event& event : events) {
    if (is_back(event.where.link)) links.insert(event.where.link);
  }
  Seat front{.link = "front", .party = {}, .side = Side::server};
  for (auto& [client, observation] : observe_parties(events, front)) {
    front.party = client;
    for (Observed& seen : observation.connections) take_leg(legs.fronts, front, std::move(seen));
  }
  for (const record::Name link : links) {
    const Seat seat{link.str(), "sut", Side::client};
    Observation seen = observe(events, seat);
    for (Observed& each : seen.connections) take_leg(legs.backs, seat, std::move(each));
    seen.connections.clear();
    legs.refused.insert(legs.refused.end(), seen.refused.begin(), seen.refused.end());
    if (link == "back") legs.gateway = std::move(seen);
  }
  const auto index = [](const Leg& leg) { return leg.seen.index; };
  std::ranges::sort(legs.fronts, {}, index);
  std::ranges::sort(legs.backs, {}, index);
  Gatherer gatherer(legs);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (std::holds_alternative<record::RunEnded>(events[i].what)) break;
    gatherer.take(events[i], i);
  }
  for (Leg& front : legs.fronts) {
    if (front.key.empty()) front.key = fmt::format("{}-{}", front.party, front.number());
  }
  return legs;
}

}  // namespace wsfault::verdict::oracle
