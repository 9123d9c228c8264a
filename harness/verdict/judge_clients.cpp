// Clients of ours that the case still waits for: as long as one may yet see something, nothing has passed.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "fault/moment.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

using record::Event;

/// What the clients of one name have come to, event by event.
class Roster {
 public:
  explicit Roster(const PlayedClient& client) : client_(client), start_(client.start) {}

  void feed(const Event& event) {
    if (!started_) started_ = start_.feed(event);
    if (std::holds_alternative<record::FaultFired>(event.what)) ++fired_;
    if (event.where.party != client_.name) return;
    const auto* report = std::get_if<record::Report>(&event.what);
    if (std::holds_alternative<record::Accepted>(event.what)) {
      ++arrived_;
      scripts_[event.where.connection] = {client_.awaits, fired_};
    } else if (report && report->event == "error" && event.where.connection == 0) {
      ++arrived_;  // who is refused before it has a number has tried, and is done
    } else {
      note_script(event);
    }
  }

  /// Nothing where there is nothing to wait for.
  std::optional<Finding> opinion(bool over) const {
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
    const auto waiting = std::ranges::find_if(scripts_, [this](const auto& each) {
      return !each.second.awaits.empty() && each.second.fired_before == fired_;
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
  int fired_ = 0;
  std::map<int, Script> scripts_;  // by the connection's number
};

}  // namespace

std::vector<Finding> judge_clients(const Case& scenario, const trace::Trace& trace, bool over) {
  std::vector<Finding> findings;
  for (const PlayedClient& client : scenario.clients) {
    Roster roster(client);
    for (const record::Event& event : trace.events()) roster.feed(event);
    if (auto finding = roster.opinion(over)) findings.push_back(*std::move(finding));
  }
  return findings;
}

}  // namespace wsfault::verdict
