// judge_appropriate: the oracle's opinion on every connection of the judged party (docs/verdicts.md).
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "trace/view.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/client.hpp"
#include "verdict/oracle/client_messages.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/reported_twice.hpp"
#include "verdict/oracle/server.hpp"
#include "verdict/oracle/side_by_side.hpp"
#include "verdict/oracle/unanswered.hpp"

namespace wsfault::verdict {
namespace {

Finding nothing_broke(std::string expected) {
  Finding finding;
  finding.state = State::holds;
  finding.subject = "appropriate";
  finding.expected = std::move(expected);
  finding.seen = "nothing broke it";
  return finding;
}

Finding never_connected(bool over, std::string expected) {
  Finding finding;
  finding.state = over ? State::inconclusive : State::pending;
  finding.subject = "appropriate";
  finding.expected = std::move(expected);
  finding.seen = "no attempt was seen";
  finding.remedy =
      "Look at what it prints (--log DIR keeps it), and whether it takes the address that it is given; on a machine with too "
      "much to do, run fewer cases at once (-j 2).";
  return finding;
}

/// What is wrong or undecided is said once, in the same words of whomever it is true.
class News {
 public:
  /// Is there something to say, and has not been said?
  bool is(const Finding& finding) const {
    const bool tells = finding.state != State::holds && finding.state != State::pending;
    return tells && !said_.contains({finding.state, finding.expected});
  }
  void add_to(std::vector<Finding>& findings, Finding finding) {
    said_.emplace(finding.state, finding.expected);
    findings.push_back(std::move(finding));
  }

 private:
  std::set<std::pair<State, std::string>> said_;
};

/// The first connection that broke decides; of the others only what is wrong is said. `death`: its process ended
/// by itself; what was not wrong by then is wrong for that reason.
std::vector<Finding> judge_clients(const trace::View& seen, const Case& scenario, oracle::Horizon horizon,
                                   const std::optional<Finding>& death) {
  std::vector<Finding> findings;
  News news;
  const auto was_wrong = [&](const trace::Leg& connection) {
    const auto before = oracle::judge_client(connection, seen, scenario, {*death->at, false});
    return before && before->state == State::violated;
  };
  for (const trace::Leg& connection : seen.connections()) {
    const oracle::Horizon until{horizon.now, horizon.over && findings.empty()};
    auto finding = oracle::judge_client(connection, seen, scenario, until);
    if (!finding) continue;
    if (death && finding->state == State::violated && !was_wrong(connection)) explain_by(*finding, death->why);
    if (findings.empty() || news.is(*finding)) news.add_to(findings, std::move(*finding));
  }
  return findings;
}

/// Opinions on what clients of ours saw of a gateway or server. Every client counts: all are waited for, and
/// what holds is said of the first.
class ByParty {
 public:
  explicit ByParty(const Case& scenario) : scenario_(scenario) {}

  void take(const std::string& party, std::optional<Finding> finding) {
    if (!finding) return;
    if (is_replaced_at(scenario_, party)) {
      replaced_ = true;
      return;
    }
    const bool waits = finding->state == State::pending;
    if (findings_.empty() || waits || news_.is(*finding)) news_.add_to(findings_, *std::move(finding));
  }
  /// What is judged whatever else is expected.
  void take_anyway(Finding finding) {
    if (news_.is(finding)) news_.add_to(findings_, std::move(finding));
  }
  /// What is said where there is nothing else to say.
  std::vector<Finding> all(bool nobody_came, bool over, std::string connects, std::string stays) {
    if (findings_.empty() && nobody_came && !is_replaced(scenario_, "client", "client"))
      findings_.push_back(never_connected(over, std::move(connects)));
    if (findings_.empty() && !replaced_) findings_.push_back(nothing_broke(std::move(stays)));
    return std::move(findings_);
  }

 private:
  const Case& scenario_;
  std::vector<Finding> findings_;
  News news_;
  bool replaced_ = false;
};

// The end of a process explains what else was seen: it comes first.

std::vector<Finding> judge_gateway(const Case& scenario, const trace::Trace& trace, oracle::Horizon horizon) {
  const oracle::Pairing pairing = oracle::pair_up(trace, scenario.system.kind);
  ByParty findings(scenario);
  findings.take("sut", oracle::judge_gateway_process(pairing, scenario, horizon));
  for (const oracle::Pair& pair : pairing.pairs) {
    if (is_turned_away_visitor(*pair.front)) continue;
    if (auto passed = oracle::judge_passed(pair, scenario, horizon)) {
      findings.take_anyway(*std::move(passed));
    } else if (auto said = oracle::judge_pair(pair, pairing, scenario, horizon)) {
      findings.take(said->party, std::move(said->finding));
    }
  }
  return findings.all(pairing.pairs.empty(), horizon.over, "a client connects to the gateway",
                      "the clients behind the gateway stay open while nothing breaks");
}

std::vector<Finding> judge_server(const Case& scenario, const trace::Trace& trace, oracle::Horizon horizon) {
  const oracle::Places places = oracle::places_of(trace, scenario.system.traits);
  const oracle::ServerScene scene{{scenario, trace.process("sut"), trace.ready(), horizon}, places};
  const std::vector<const trace::Leg*> legs = oracle::served_legs(trace);
  std::optional<std::int64_t> cut_off;
  for (const trace::Leg* served : legs) cut_off = std::max(cut_off, served->cut_off());
  ByParty findings(scenario);
  findings.take("sut", oracle::judge_server_process(scene, cut_off));
  for (const trace::Leg* served : legs) {
    if (is_turned_away_visitor(*served)) continue;
    findings.take(served->party(), oracle::judge_served(*served, scene));
    if (auto echoes = oracle::judge_echoes(*served, scene); echoes && is_replaced_at(scenario, served->party()))
      findings.take_anyway(*std::move(echoes));
  }
  return findings.all(legs.empty(), horizon.over, "a client connects to the server",
                      "the server's connections stay open while nothing breaks them");
}

/// Several clients in one system, whose number is not declared, are judged as one: what is wrong may come of that.
void ask_for_instances(std::vector<Finding>& findings, const trace::View& seen, const Case& scenario) {
  if (scenario.system.traits.find("instances")) return;
  const std::size_t at_once = oracle::most_at_once(seen);
  if (at_once < 2) return;
  for (Finding& finding : findings) {
    if (finding.state != State::violated || finding.why == Cause::side_by_side) continue;
    finding.remedy += fmt::format("{}It had {} connections open at once before anything broke: if it is several "
                                  "clients, say so (--set instances={}).",
                                  finding.remedy.empty() ? "" : " ", at_once, at_once);
  }
}

std::vector<Finding> judge_client(const Case& scenario, const trace::Trace& trace, oracle::Horizon horizon) {
  const trace::View seen = trace::view(trace, {});
  std::vector<Finding> findings;
  std::optional<std::int64_t> cut_off;
  const int last_named = scenario.last_named_connection();
  for (const trace::Leg& each : seen.connections()) {
    if (each.number() <= last_named) cut_off = std::max(cut_off, each.cut_off());
  }
  auto process = oracle::judge_client_process(seen, scenario, horizon, cut_off);
  const bool has_died = process && process->state == State::violated && process->at;
  const auto death = has_died ? process : std::nullopt;
  if (process) findings.push_back(*std::move(process));
  if (!is_replaced(scenario, "sut", "sut")) {
    append(findings, judge_clients(seen, scenario, horizon, death));
    if (auto unanswered = oracle::judge_unanswered(seen, scenario, horizon))
      findings.push_back(*std::move(unanswered));
    if (seen.size() == 0) findings.push_back(never_connected(horizon.over, "the sut connects"));
    if (findings.empty()) {
      findings.push_back(nothing_broke("the sut stays open while nothing breaks its connection"));
    }
  }
  // A loop is judged whatever else is expected, and so are two connections side by side, and what is reported
  // of messages.
  append(findings, oracle::judge_afterwards(seen, scenario, horizon));
  if (auto two = oracle::judge_side_by_side(seen, scenario, horizon)) findings.push_back(*std::move(two));
  if (auto messages = oracle::judge_messages(trace, scenario, horizon))
    findings.push_back(*std::move(messages));
  if (std::ranges::find(findings, Cause::end_reported_twice, &Finding::why) == findings.end()) {
    if (auto twice = oracle::judge_reported_twice(trace, scenario, horizon)) findings.push_back(*std::move(twice));
  }
  ask_for_instances(findings, seen, scenario);
  return findings;
}

}  // namespace

bool is_turned_away_visitor(const trace::Leg& served) {
  return served.party() == visitor && !served.has_101();
}

bool is_replaced(const Case& scenario, std::string_view party, std::string_view by_default) {
  return std::ranges::any_of(scenario.expectations, [&](const Expectation& each) {
    return each.what.nature.says_the_end && !each.never &&
           (each.of.empty() ? party == by_default : each.of == party);
  });
}

bool is_replaced_at(const Case& scenario, std::string_view party) {
  // What the upstream gets, the gateway sends.
  const bool by_gateway = scenario.role == model::Role::gateway && party == "upstream";
  return is_replaced(scenario, party, "client") || (by_gateway && is_replaced(scenario, "sut", "client"));
}

std::vector<Finding> judge_appropriate(const Case& scenario, const trace::Trace& trace, std::int64_t now,
                                       bool over) {
  if (!scenario.appropriate) return {};
  switch (scenario.role) {
    case model::Role::client:
      return judge_client(scenario, trace, {now, over});
    case model::Role::gateway:
      return judge_gateway(scenario, trace, {now, over});
    case model::Role::server:
      return judge_server(scenario, trace, {now, over});
  }
  return {};
}

}  // namespace wsfault::verdict
