// What reached a party on each of its connections, and what it did: the log seen from one seat. Pure.
#include "verdict/observation.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "verdict/observation_reports.hpp"

namespace wsfault::verdict {
namespace {

using record::EffectKind;
using record::ProcessChange;
using record::Side;
using record::Tap;

constexpr std::uint8_t close_opcode = 8;

std::optional<SeenFrame> first_close(const std::vector<SeenFrame>& frames) {
  const auto found =
      std::ranges::find_if(frames, [](const SeenFrame& frame) { return frame.fact->opcode == close_opcode; });
  if (found == frames.end()) return std::nullopt;
  return *found;
}

using Links = std::unordered_set<record::Name>;

Links links_of(const std::vector<record::Event>& events) {
  Links links;
  for (const record::Event& event : events) links.insert(event.where.link);
  return links;
}

/// Builds an observation event by event.
class Observer {
 public:
  Observer(const Seat& seat, const Links& links)
      : seat_(seat), link_(seat.link), party_(seat.party), links_(links) {}

  void take(const record::Event& event, std::size_t index) {
    at_ = event.at;
    index_ = index;
    where_ = &event.where;
    std::visit([this](const auto& fact) { see(fact); }, event.what);
  }

  Observation finish() {
    for (std::size_t i = 0; i + 1 < seen_.connections.size(); ++i) {
      if (seen_.connections[i].number != 0) {
        seen_.connections[i].next_attempt = seen_.connections[i + 1].accepted;
      }
    }
    return std::move(seen_);
  }

 private:
  template <typename T>
  void see(const T&) {}

  void see(const record::Ready&) {
    if (!seen_.ready) seen_.ready = at_;
  }

  void see(const record::Accepted& accepted) {
    if (!ours()) return;
    Observed connection;
    connection.number = where_->connection;
    connection.accepted = at_ - accepted.waited;
    connection.index = index_;
    if (others_frozen_) connection.quiet.push_back({{at_, std::nullopt}, EffectKind::silence});
    place_[connection.number] = seen_.connections.size();
    seen_.connections.push_back(std::move(connection));
  }

  void see(const record::TlsHandshake& handshake) {
    Observed* connection = current();
    if (connection && handshake.side == seat_.side) connection->tls_unmet = !handshake.error.empty();
  }

  void see(const record::RequestSeen& request) {
    Observed* connection = current();
    if (!connection || request.tap != Tap::sent) return;
    if (!request.upgrade && !seat_.plain) {
      // Plain HTTP beside the socket gives its number back.
      forget(*connection);
    } else if (!connection->request) {
      connection->request = {at_, index_, &request};
    }
  }

  void see(const record::ResponseSeen& response) {
    Observed* connection = current();
    if (!connection || response.tap != Tap::arrived || connection->answer) return;
    const int status = response.head->status;
    if (status >= 100 && status < 200 && status != 101) {
      connection->interim = at_;
    } else {
      connection->answer = {at_, index_, &response};
    }
  }

  void see(const record::NotHttp& bytes) {
    Observed* connection = current();
    if (connection && bytes.tap == Tap::arrived && bytes.from != seat_.side && !connection->garbage) {
      connection->garbage = {at_, index_, &bytes};
    }
  }

  void see(const record::FrameSeen& frame) {
    Observed* connection = current();
    if (!connection) return;
    const bool own = frame.from == seat_.side;
    if (own && frame.tap == Tap::sent) connection->sent.push_back({at_, index_, &frame});
    if (!own && frame.tap == Tap::arrived) connection->received.push_back({at_, index_, &frame});
    if (!own && frame.tap == Tap::sent) ++connection->peer_frames;
  }

  void see(const record::MessageSeen& message) {
    Observed* connection = current();
    if (connection && message.tap == Tap::arrived && message.from != seat_.side) {
      connection->messages.push_back({at_, index_, &message});
    }
  }

  void see(const record::ViolationSeen& violation) {
    Observed* connection = current();
    if (connection && violation.tap == Tap::arrived && violation.from != seat_.side) {
      connection->violations.push_back({at_, index_, &violation});
    }
  }

  void see(const record::StreamEnded& end) {
    Observed* connection = current();
    if (!connection || end.side != seat_.side) return;
    auto& slot = end.tap == Tap::sent ? connection->own_end : connection->ended;
    if (!slot) slot = {at_, index_, &end};
  }

  void see(const record::Effect& effect) {
    if (!ours()) return;
    switch (effect.kind) {
      case EffectKind::refused:
        refuse();
        break;
      case EffectKind::silence:
      case EffectKind::stalled:
      case EffectKind::no_answer:
        for (Observed* connection : concerned()) {
          connection->quiet.push_back({{at_, std::nullopt}, effect.kind});
        }
        break;
      case EffectKind::tls_failure:
        for (Observed* connection : concerned()) {
          if (effect.to.value_or(seat_.side) == seat_.side) connection->tls_failure = {at_, index_, &effect};
        }
        break;
      case EffectKind::resumed:
        // Of a refusal it names no connection, of a silence it does.
        if (where_->connection != 0) resume(concerned());
        if (where_->connection == 0 && !seen_.refused.empty()) close_span(seen_.refused.back());
        break;
    }
  }

  void see(const record::ProcessChanged& process) {
    if (where_->party == party_) {
      seen_.process.push_back({at_, process.change});
      if (process.change == ProcessChange::frozen) seen_.frozen.push_back({at_, std::nullopt});
      if (process.change == ProcessChange::thawed && !seen_.frozen.empty()) close_span(seen_.frozen.back());
      return;
    }
    if (!is_peer(where_->party)) return;
    // A peer that stands still answers nobody: silence, as it arrives here.
    if (process.change == ProcessChange::frozen) {
      others_frozen_ = true;
      for (Observed& connection : seen_.connections) {
        connection.quiet.push_back({{at_, std::nullopt}, EffectKind::silence});
      }
    } else if (process.change == ProcessChange::thawed && others_frozen_) {
      others_frozen_ = false;
      std::vector<Observed*> all;
      for (Observed& connection : seen_.connections) all.push_back(&connection);
      resume(all);
    }
  }

  void see(const record::Report& report) {
    if (where_->party != party_) return;
    if (!where_->link.empty() && where_->link != link_) return;
    seen_.any_report = true;
    const std::size_t before = seen_.connections.size();
    if (where_->connection != 0) {
      attribute_report(seen_.connections, {at_, index_, &report}, where_->connection);
    } else {
      attribute_report(seen_.connections, {at_, index_, &report});
    }
    if (seen_.connections.size() != before) note_places(0);
  }

  void refuse() {
    seen_.refused.push_back({at_, std::nullopt});
    auto& all = seen_.connections;
    if (!all.empty() && all.front().number == 0) return;
    Observed nobody;
    nobody.accepted = at_;
    nobody.index = index_;
    all.insert(all.begin(), std::move(nobody));
    note_places(0);
  }

  /// Plain HTTP gave its number back.
  void forget(const Observed& connection) {
    auto& all = seen_.connections;
    const auto at = static_cast<std::size_t>(&connection - all.data());
    place_.erase(connection.number);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
    note_places(at);
  }

  void note_places(std::size_t from) {
    for (std::size_t i = from; i < seen_.connections.size(); ++i) {
      if (seen_.connections[i].number != 0) place_[seen_.connections[i].number] = i;
    }
  }

  void close_span(Span& span) const {
    if (!span.until) span.until = at_;
  }
  void resume(const std::vector<Observed*>& connections) const {
    for (Observed* connection : connections) {
      for (Quiet& quiet : connection->quiet) close_span(quiet);
    }
  }

  bool ours() const { return where_->link == link_ && (where_->party == party_ || where_->party.empty()); }
  /// Does the party stand at the other end of this link? The links behind a gateway are named by their
  /// upstreams where there are several, and "back" leads to the one that none is named by.
  bool is_peer(record::Name party) const {
    if (seat_.side == Side::server) return false;  // what stands still there is no process of ours
    if (seat_.party != "sut") return party == "sut";
    return party == seat_.link || seat_.link == "link" || !links_.contains(party);
  }
  /// The connection of this event; null where it is not ours.
  Observed* current() {
    if (!ours() || where_->connection == 0) return nullptr;
    const auto found = place_.find(where_->connection);
    return found == place_.end() ? nullptr : &seen_.connections[found->second];
  }
  /// Those that an effect strikes: the one it names, or all.
  std::vector<Observed*> concerned() {
    std::vector<Observed*> found;
    if (where_->connection != 0) {
      if (Observed* named = current()) found.push_back(named);
      return found;
    }
    for (Observed& connection : seen_.connections) {
      if (connection.number != 0) found.push_back(&connection);
    }
    return found;
  }

  const Seat& seat_;
  record::Name link_;
  record::Name party_;
  const Links& links_;
  Observation seen_;
  std::unordered_map<int, std::size_t> place_;  // number → index of its latest connection
  std::int64_t at_ = 0;
  std::size_t index_ = 0;
  const record::Where* where_ = nullptr;
  bool others_frozen_ = false;
};

std::int64_t overlap(const Span& span, std::int64_t from, std::int64_t to) {
  const std::int64_t until = std::min(span.until.value_or(to), to);
  return std::max<std::int64_t>(0, until - std::max(span.from, from));
}

}  // namespace

bool Observed::open() const {
  return answer && answer->fact->head->status == 101 && answer->fact->flaws.empty() && !garbage;
}
std::optional<SeenFrame> Observed::own_close() const { return first_close(sent); }
std::optional<SeenFrame> Observed::peer_close() const { return first_close(received); }

bool Observed::struck() const {
  return ended || own_end || garbage || tls_failure || !quiet.empty() || !violations.empty() ||
         (answer && !open()) || peer_close();
}

std::optional<std::int64_t> Observed::cut_off() const {
  if (!own_end || own_close()) return std::nullopt;
  return own_end->at;
}

std::int64_t Observed::last_arrival(std::int64_t at) const {
  std::int64_t last = accepted;
  if (interim && *interim < at) last = *interim;
  if (answer && answer->at < at) last = answer->at;
  for (const SeenFrame& frame : received) {
    if (frame.at < at) last = std::max(last, frame.at);
  }
  return last;
}

Duration Observation::running(std::int64_t from, std::int64_t to) const {
  std::int64_t time = to - from;
  for (const Span& span : frozen) time -= overlap(span, from, to);
  return Duration(time);
}

std::int64_t Observation::after(std::int64_t from, Duration limit, std::int64_t now) const {
  std::int64_t end = from + limit.count();
  for (const Span& span : frozen) {
    if (span.from < end) end += overlap(span, from, std::max(now, span.from));
  }
  return end;
}

std::optional<std::int64_t> Observation::stopped_after(std::int64_t from) const {
  for (const ProcessEvent& event : process) {
    const bool told = event.change == ProcessChange::stopping || event.change == ProcessChange::killed;
    if (told && event.at >= from) return event.at;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Observation::exited_after(std::int64_t from) const {
  for (const ProcessEvent& event : process) {
    if (event.change == ProcessChange::exited && event.at >= from) return event.at;
  }
  return std::nullopt;
}

bool Observation::lives() const {
  const auto is = [this](ProcessChange change) {
    return std::ranges::find(process, change, &ProcessEvent::change) != process.end();
  };
  return is(ProcessChange::started) && !is(ProcessChange::exited) && !stopped_after(0);
}

Observation observe(const std::vector<record::Event>& events, const Seat& seat) {
  const Links links = links_of(events);
  Observer observer(seat, links);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (std::holds_alternative<record::RunEnded>(events[i].what)) break;
    observer.take(events[i], i);
  }
  return observer.finish();
}

std::map<std::string, Observation> observe_parties(const std::vector<record::Event>& events,
                                                   const Seat& each) {
  struct Party {
    Party(Seat at, const Links& links) : seat(std::move(at)), observer(seat, links) {}
    Seat seat;
    Observer observer;
  };
  const Links links = links_of(events);
  const record::Name link = each.link;
  std::deque<Party> parties;
  std::unordered_map<record::Name, Observer*> by_name;
  for (const record::Event& event : events) {
    if (event.where.link != link || !std::holds_alternative<record::Accepted>(event.what)) continue;
    Observer*& observer = by_name[event.where.party];
    if (observer) continue;
    Seat seat = each;
    seat.party = event.where.party.str();
    observer = &parties.emplace_back(std::move(seat), links).observer;
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (std::holds_alternative<record::RunEnded>(events[i].what)) break;
    const auto named = by_name.find(events[i].where.party);
    if (named != by_name.end()) named->second->take(events[i], i);
    // What names nobody is about all.
    if (!events[i].where.party.empty()) continue;
    for (Party& party : parties) {
      if (!party.seat.party.empty()) party.observer.take(events[i], i);
    }
  }
  std::map<std::string, Observation> found;
  for (Party& party : parties) found.emplace(party.seat.party, party.observer.finish());
  return found;
}

}  // namespace wsfault::verdict
