// Clients of ours that the case still waits for: as long as one may yet see something, nothing has passed.
#include "verdict/rosters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace wsfault::verdict {
using record::Event;

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
    // A fault that fired since it connected may be why it waits.
    const auto waiting = std::ranges::find_if(scripts_, [fired](const auto& each) {
      return !each.second.awaits.empty() && each.second.fired_before == fired;
    });
    if (waiting == scripts_.end()) return std::nullopt;
    finding.subject = "script of " + client_.name;
    finding.expected = waiting->second.awaits;
    finding.seen = over ? "it still waited for that when the run ended" : "it waits for that";
    finding.connection = waiting->first;
    return finding;
  }

 private:
  struct Script {
    std::string awaits;    ///< empty: nothing any more
    int fired_before = 0;  ///< faults, when it connected
  };

  void note_script(const Event& event) {
    const auto script = scripts_.find(event.where.connection);
    if (script == scripts_.end()) return;
    const auto* end = std::get_if<record::StreamEnded>(&event.what);
    const auto* report = std::get_if<record::Report>(&event.what);
    if (const auto* awaits = std::get_if<record::ScriptAwaits>(&event.what)) {
      script->second.awaits = awaits->step;
    } else if ((end && end->side == record::Side::client) || (report && report->event == "error") ||
               std::holds_alternative<record::ScriptDone>(event.what) ||
               std::holds_alternative<record::ScriptFailed>(event.what) ||
               std::holds_alternative<record::ConnectionOver>(event.what)) {
      script->second.awaits.clear();
    }
  }

  const PlayedClient& client_;
  fault::MomentWatch start_;
  bool started_ = false;
  int arrived_ = 0;
  std::map<int, Script> scripts_;  // by the connection's number
};

Rosters::Rosters(const Case& scenario) {
  for (const PlayedClient& client : scenario.clients) {
    rosters_.push_back(std::make_unique<Roster>(client));
    by_name_[client.name].push_back(rosters_.back().get());
    waiting_.push_back(rosters_.back().get());
  }
}
Rosters::~Rosters() = default;

void Rosters::feed(const Event& event) {
  if (rosters_.empty()) return;
  std::erase_if(waiting_, [&](Roster* each) {
    each->await_start(event);
    return each->has_started();
  });
  if (std::holds_alternative<record::FaultFired>(event.what)) ++fired_;
  const auto named = by_name_.find(event.where.party);
  if (named == by_name_.end()) return;
  for (Roster* each : named->second) each->feed(event, fired_);
}

std::vector<Finding> Rosters::opinions(bool over) const {
  std::vector<Finding> findings;
  for (const auto& each : rosters_) {
    if (auto finding = each->opinion(over, fired_)) findings.push_back(*std::move(finding));
  }
  return findings;
}

std::vector<Finding> judge_clients(const Case& scenario, const trace::Trace& trace, bool over) {
  Rosters rosters(scenario);
  for (const Event& event : trace.events()) rosters.feed(event);
  return rosters.opinions(over);
}

}  // namespace wsfault::verdict
