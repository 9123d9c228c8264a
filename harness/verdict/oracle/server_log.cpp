// A server's log by connection, seen from the server.
#include "verdict/oracle/server_log.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <variant>

namespace wsfault::verdict::oracle {
namespace {

using record::Event;
using record::Side;
using record::Tap;

const std::string served_link = "link";

/// Adds to the connections what an Observed does not keep.
class ServedGatherer {
 public:
  explicit ServedGatherer(std::vector<Served>& connections) : connections_(connections) {}

  void take(const Event& event, std::size_t index) {
    at_ = event.at;
    index_ = index;
    served_ = find(event.where);
    if (served_) std::visit([this](const auto& fact) { see(fact); }, event.what);
  }

 private:
  Served* find(const record::Where& where) const {
    if (where.link != served_link || where.connection == 0) return nullptr;
    for (auto each = connections_.rbegin(); each != connections_.rend(); ++each) {
      const Leg& leg = each->leg;
      if (leg.number() == where.connection && leg.party == where.party && leg.seen.index <= index_)
        return &*each;
    }
    return nullptr;
  }

  template <typename T>
  void see(const T&) {}

  void see(const record::Dialled&) { served_->dialled = at_; }
  void see(const record::DialFailed&) { served_->unreachable = at_; }
  void see(const record::ScriptDone&) { served_->script_over = true; }
  void see(const record::ScriptFailed&) { served_->script_over = true; }
  void see(const record::ScriptAwaits& awaits) { served_->awaits = awaits.step; }

  void see(const record::RequestSeen& request) {
    if (request.tap != Tap::arrived || served_->seen().request) return;
    served_->leg.seen.request = {at_, index_, &request};
    served_->upgrade_asked = request.upgrade;
  }

  void see(const record::ResponseSeen& response) {
    Leg& leg = served_->leg;
    if (response.tap != Tap::sent || leg.answered) return;
    const int status = response.head.status;
    if (status >= 100 && status < 200 && status != 101) {
      leg.interim = at_;
    } else {
      leg.answered = {at_, index_, &response};
      leg.seen.answer = leg.answered;
    }
  }

  void see(const record::NotHttp& bytes) {
    const bool own = bytes.from == Side::server && bytes.tap == Tap::sent;
    if (own && !served_->leg.garbled) served_->leg.garbled = {at_, index_, &bytes};
  }

  void see(const record::ViolationSeen& violation) {
    if (violation.from == Side::server && violation.tap == Tap::sent)
      served_->leg.broke_itself.push_back({at_, index_, &violation});
  }

  std::vector<Served>& connections_;
  Served* served_ = nullptr;
  std::int64_t at_ = 0;
  std::size_t index_ = 0;
};

/// What an Observed takes for the party's own view is, for a server, that of its client.
Served served_of(const Seat& seat, Observed seen) {
  seen.request.reset();
  seen.answer.reset();
  seen.interim.reset();
  seen.opens.clear();
  seen.told.clear();
  seen.errors.clear();
  seen.closes.clear();
  Served served;
  served.leg.link = seat.link;
  served.leg.party = seat.party;
  served.leg.seen = std::move(seen);
  return served;
}

}  // namespace

bool Served::out_of_sight() const {
  return leg.seen.ended && leg.seen.ended->fact->how != record::EndKind::fin;
}

ServerLog read_server(const std::vector<Event>& events) {
  ServerLog log;
  std::set<std::string> clients;
  for (const Event& event : events) {
    if (event.where.link == served_link && std::holds_alternative<record::Accepted>(event.what))
      clients.insert(event.where.party);
  }
  for (const std::string& client : clients) {
    const Seat seat{.link = served_link, .party = client, .side = Side::server, .plain = true};
    for (Observed& seen : observe(events, seat).connections) {
      if (seen.number != 0) log.connections.push_back(served_of(seat, std::move(seen)));
    }
  }
  std::ranges::sort(log.connections, {}, [](const Served& each) { return each.seen().index; });
  log.server = observe(events, Seat{.link = served_link, .party = "sut", .side = Side::server});
  ServedGatherer gatherer(log.connections);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (std::holds_alternative<record::RunEnded>(events[i].what)) break;
    gatherer.take(events[i], i);
  }
  return log;
}

}  // namespace wsfault::verdict::oracle
