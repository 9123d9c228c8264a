// A server's log by connection, seen from the server.
#include "verdict/oracle/server_log.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/leg_index.hpp"

namespace wsfault::verdict::oracle {
namespace {

using record::Event;
using record::Side;
using record::Tap;

const std::string served_link = "link";

/// Adds to the connections what an Observed does not keep.
class ServedGatherer {
 public:
  explicit ServedGatherer(std::vector<Served>& connections)
      : connections_(connections), by_place_(entries(connections)) {}

  void take(const Event& event, std::size_t index) {
    at_ = event.at;
    index_ = index;
    served_ = find(event.where);
    if (served_) std::visit([this](const auto& fact) { see(fact); }, event.what);
  }

 private:
  static std::vector<LegIndex::Entry> entries(const std::vector<Served>& connections) {
    std::vector<LegIndex::Entry> all;
    for (const Served& each : connections)
      all.push_back({each.seen().index, served_link, each.leg.party, each.leg.number()});
    return all;
  }

  Served* find(const record::Where& where) {
    const std::size_t found = by_place_.find(where, index_);
    return found == LegIndex::none ? nullptr : &connections_[found];
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
    const int status = response.head->status;
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
  LegIndex by_place_;
  Served* served_ = nullptr;
  std::int64_t at_ = 0;
  std::size_t index_ = 0;
};

/// When a side begins to end it, or something struck it.
std::optional<std::int64_t> first_end(const Observed& seen) {
  std::optional<std::int64_t> first;
  const auto earlier = [&first](const auto& end) {
    if (end) first = std::min(first.value_or(end->at), end->at);
  };
  earlier(seen.ended);
  earlier(seen.own_end);
  earlier(seen.own_close());
  earlier(seen.peer_close());
  return first;
}

void count(ServerLog& log) {
  for (const Served& each : log.connections) {
    const Observed& seen = each.seen();
    const auto& end = seen.own_end;
    log.places.add(seen.accepted, end ? std::optional(end->at + grace.count() + 1) : std::nullopt);
    if (seen.open() && seen.quiet.empty() && seen.violations.empty())
      log.open.add(seen.opened_at() + 1, first_end(seen));
  }
  log.places.sort();
  log.open.sort();
}

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

void Tally::add(std::int64_t begin, std::optional<std::int64_t> end) {
  begins_.push_back(begin);
  if (end) ends_.push_back(std::max(*end, begin));
}

void Tally::sort() {
  std::ranges::sort(begins_);
  std::ranges::sort(ends_);
}

std::int64_t Tally::at(std::int64_t time) const {
  const auto until = [time](const std::vector<std::int64_t>& times) {
    return std::ranges::upper_bound(times, time) - times.begin();
  };
  return until(begins_) - until(ends_);
}

bool Served::out_of_sight() const {
  return leg.seen.ended && leg.seen.ended->fact->how != record::EndKind::fin;
}

ServerLog read_server(const std::vector<Event>& events) {
  ServerLog log;
  Seat seat{.link = served_link, .party = {}, .side = Side::server, .plain = true};
  for (auto& [client, observation] : observe_parties(events, seat)) {
    seat.party = client;
    for (Observed& seen : observation.connections) {
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
  count(log);
  return log;
}

}  // namespace wsfault::verdict::oracle
