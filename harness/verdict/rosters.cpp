// Clients of ours that the case still waits for: as long as one may yet see something, nothing has passed.
#include "verdict/rosters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/script.hpp"

namespace wsfault::verdict {
using record::Event;

namespace {

/// What a script of a client or an upstream is at.
struct Script {
  std::string awaits;    ///< empty: nothing any more
  int fired_before = 0;  ///< faults, when it connected
};

/// What ends by itself is waited for as long as the case may take. A fault that fired since it connected may be
/// why a moment does not come; and a pause that the run cut short is nobody's lack.
bool is_waited_for(const Script& script, bool over, int fired) {
  if (script.awaits.empty()) return false;
  if (!over && model::ends_by_itself(script.awaits)) return true;
  return script.fired_before == fired && !model::is_pause(script.awaits);
}

/// Of a party on that side.
bool ends_script(const Event& event, record::Side side) {
  const auto* end = std::get_if<record::StreamEnded>(&event.what);
  return (end && end->side == side) || std::holds_alternative<record::ScriptDone>(event.what) ||
         std::holds_alternative<record::ScriptFailed>(event.what) ||
         std::holds_alternative<record::ConnectionOver>(event.what);
}

}  // namespace

/// The scripts of upstreams: they are waited for, and nothing is said of them. A client that comes back again
/// and again begins one each time: of connections that the scenario does not speak of, only what the first
/// expects is waited for.
class Rosters::Served {
 public:
  explicit Served(const Case& scenario) : last_named_(scenario.last_named_connection()) {}

  void feed(const Event& event) {
    if (const auto* awaits = std::get_if<record::ScriptAwaits>(&event.what)) {
      const int first_return = last_named_ + 1;
      const bool counts = event.where.connection <= last_named_ ||
                          (event.where.connection == first_return && !model::is_pause(awaits->step));
      if (counts && model::ends_by_itself(awaits->step)) {
        at_[place(event)] = awaits->step;
      } else {
        at_.erase(place(event));
      }
    } else if (!at_.empty() && ends_script(event, record::Side::server)) {
      at_.erase(place(event));
    }
  }
  std::optional<Finding> opinion() const {
    if (at_.empty()) return std::nullopt;
    Finding finding;
    finding.state = State::pending;
    finding.subject = "script of an upstream";
    finding.expected = at_.begin()->second;
    finding.seen = "it is at that";
    finding.connection = at_.begin()->first.second;
    return finding;
  }

 private:
  static std::pair<std::string, int> place(const Event& event) {
    return {event.where.link.str(), event.where.connection};
  }
  int last_named_;
  std::map<std::pair<std::string, int>, std::string> at_;  // by link and connection: what its script awaits
};

/// What the clients of one name have come to, event by event.
class Rosters::Roster {
 public:
  explicit Roster(const PlayedClient& client) : client_(client), start_(client.start) {}

  bool has_started() const { return started_; }
  void await_start(const Event& event) { started_ = started_ || start_.feed(event); }

  /// An event of its party; `fired`: how many faults had by then.
  void feed(const Event& event, int fired) {
    const auto* report = std::get_if<record::Report>(&event.what);
    if (std::holds_alternative<record::Accepted>(event.what)) {
      ++arrived_;
      scripts_[event.where.connection] = {client_.awaits, fired};
    } else if (report && report->event == "error" && event.where.connection == 0) {
      ++arrived_;  // who is refused before it has a number has tried, and is done
    } else {
      note_script(event);
    }
  }

  /// Nothing where there is nothing to wait for.
  std::optional<Finding> opinion(bool over, int fired) const {
    Finding finding;
    finding.state = over ? State::inconclusive : State::pending;
    if (!started_) {
      finding.subject = "client " + client_.name;
      finding.expected = fmt::format("it starts at {}", to_string(client_.start));
      finding.seen = over ? "that never came" : "that has not come yet";
      return finding;
    }
    if (arrived_ < client_.count) {
      finding.subject = "client " + client_.name;
      finding.expected = "it connects";
      finding.seen = client_.count == 1 ? fmt::format("it {}", over ? "never did" : "has not yet")
                                        : fmt::format("{} of {} did", arrived_, client_.count);
      return finding;
    }
    const auto waiting = std::ranges::find_if(
        scripts_, [&](const auto& each) { return is_waited_for(each.second, over, fired); });
    if (waiting == scripts_.end()) return std::nullopt;
    finding.subject = "script of " + client_.name;
    finding.expected = waiting->second.awaits;
    finding.seen = over ? "it still waited for that when the run ended" : "it waits for that";
    finding.connection = waiting->first;
    return finding;
  }

 private:
  void note_script(const Event& event) {
    const auto script = scripts_.find(event.where.connection);
    if (script == scripts_.end()) return;
    const auto* report = std::get_if<record::Report>(&event.what);
    if (const auto* awaits = std::get_if<record::ScriptAwaits>(&event.what)) {
      script->second.awaits = awaits->step;
    } else if (ends_script(event, record::Side::client) || (report && report->event == "error")) {
      script->second.awaits.clear();
    }
  }

  const PlayedClient& client_;
  fault::MomentWatch start_;
  bool started_ = false;
  int arrived_ = 0;
  std::map<int, Script> scripts_;  // by the connection's number
};

Rosters::Rosters(const Case& scenario) : served_(std::make_unique<Served>(scenario)) {
  for (const PlayedClient& client : scenario.clients) {
    rosters_.push_back(std::make_unique<Roster>(client));
    by_name_[client.name].push_back(rosters_.back().get());
    waiting_.push_back(rosters_.back().get());
  }
}
Rosters::~Rosters() = default;

void Rosters::feed(const Event& event) {
  std::erase_if(waiting_, [&](Roster* each) {
    each->await_start(event);
    return each->has_started();
  });
  if (std::holds_alternative<record::FaultFired>(event.what)) ++fired_;
  const auto named = by_name_.find(event.where.party);
  if (named == by_name_.end()) return served_->feed(event);
  for (Roster* each : named->second) each->feed(event, fired_);
}

std::vector<Finding> Rosters::opinions(bool over) const {
  std::vector<Finding> findings;
  for (const auto& each : rosters_) {
    if (auto finding = each->opinion(over, fired_)) findings.push_back(*std::move(finding));
  }
  if (auto finding = over ? std::nullopt : served_->opinion()) findings.push_back(*std::move(finding));
  return findings;
}

std::vector<Finding> judge_clients(const Case& scenario, const trace::Trace& trace, bool over) {
  Rosters rosters(scenario);
  for (const Event& event : trace.events()) rosters.feed(event);
  return rosters.opinions(over);
}

}  // namespace wsfault::verdict
