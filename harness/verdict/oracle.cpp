// judge_appropriate: the oracle's opinion on every connection of the judged party (docs/verdicts.md).
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "trace/view.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/client.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/server.hpp"

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
  return finding;
}

/// What is wrong is said once, in the same words of whomever it is true.
class News {
 public:
  /// Is it wrong, and has not been said?
  bool is(const Finding& finding) const {
    const bool wrong = finding.state == State::violated || finding.state == State::warned;
    return wrong && !said_.contains({finding.state, finding.expected});
  }
  void add_to(std::vector<Finding>& findings, Finding finding) {
    said_.emplace(finding.state, finding.expected);
    findings.push_back(std::move(finding));
  }

 private:
  std::set<std::pair<State, std::string>> said_;
};

/// The first connection that broke decides; of the others only what is wrong is said.
std::vector<Finding> judge_clients(const trace::View& seen, const Case& scenario, oracle::Moment moment) {
  std::vector<Finding> findings;
  News news;
  for (const trace::Leg& connection : seen.connections()) {
    const oracle::Moment until{moment.now, moment.over && findings.empty()};
    auto finding = oracle::judge_client(connection, seen, scenario, until);
    if (!finding) continue;
    if (findings.empty() || news.is(*finding)) news.add_to(findings, std::move(*finding));
  }
  return findings;
}

/// Every client counts: all are waited for, and what holds is said of the first.
std::vector<Finding> judge_gateway(const Case& scenario, const trace::Trace& trace, oracle::Moment moment) {
  const oracle::GatewayLog log = oracle::read_gateway(trace, scenario.system.kind);
  std::vector<Finding> findings;
  News news;
  bool replaced = false;
  const auto take = [&](const std::string& party, Finding finding) {
    // What the upstream gets, the gateway sends.
    const bool its_party = is_replaced(scenario, party, "client");
    const bool gateway = party == "upstream" && is_replaced(scenario, "sut", "client");
    replaced = replaced || its_party || gateway;
    if (its_party || gateway) return;
    const bool waits = finding.state == State::pending || finding.state == State::inconclusive;
    if (findings.empty() || waits || news.is(finding)) news.add_to(findings, std::move(finding));
  };
  // Its end explains what else was seen.
  if (auto finding = oracle::judge_gateway_process(log, scenario, moment)) take("sut", *std::move(finding));
  for (const oracle::Pair& pair : log.pairs) {
    if (auto said = oracle::judge_pair(pair, log, scenario, moment))
      take(said->party, std::move(said->finding));
  }
  if (findings.empty() && log.pairs.empty() && !is_replaced(scenario, "client", "client")) {
    findings.push_back(never_connected(moment.over, "a client connects to the gateway"));
  }
  if (findings.empty() && !replaced) {
    findings.push_back(nothing_broke("the clients behind the gateway stay open while nothing breaks"));
  }
  return findings;
}

/// Every client counts, as for a gateway; a server whose process died explains the rest.
std::vector<Finding> judge_server(const Case& scenario, const trace::Trace& trace, oracle::Moment moment) {
  const oracle::ServerLog log = oracle::read_server(trace, scenario.system.traits);
  const oracle::ServerScene scene{log, scenario, moment};
  const std::vector<const trace::Leg*> legs = oracle::served_legs(trace);
  std::vector<Finding> findings;
  News news;
  bool replaced = false;
  const auto take = [&](const std::string& party, Finding finding) {
    const bool its_party = is_replaced(scenario, party, "client");
    replaced = replaced || its_party;
    if (its_party) return;
    const bool waits = finding.state == State::pending || finding.state == State::inconclusive;
    if (findings.empty() || waits || news.is(finding)) news.add_to(findings, std::move(finding));
  };
  // Its end explains what else was seen.
  std::optional<std::int64_t> cut_off;
  for (const trace::Leg* served : legs) cut_off = std::max(cut_off, served->cut_off());
  if (auto finding = oracle::judge_server_process(scene, cut_off)) take("sut", *std::move(finding));
  for (const trace::Leg* served : legs) {
    if (auto finding = oracle::judge_served(*served, scene)) take(served->party(), *std::move(finding));
  }
  if (findings.empty() && legs.empty() && !is_replaced(scenario, "client", "client")) {
    findings.push_back(never_connected(moment.over, "a client connects to the server"));
  }
  if (findings.empty() && !replaced) {
    findings.push_back(nothing_broke("the server's connections stay open while nothing breaks them"));
  }
  return findings;
}

}  // namespace

bool is_replaced(const Case& scenario, std::string_view party, std::string_view by_default) {
  return std::ranges::any_of(scenario.expectations, [&](const Expectation& each) {
    const bool says_the_end = std::holds_alternative<CloseExpected>(each.what) ||
                              std::holds_alternative<StatusExpected>(each.what) ||
                              std::holds_alternative<EndExpected>(each.what) ||
                              std::holds_alternative<WireCloseExpected>(each.what);
    return says_the_end && !each.never && (each.of.empty() ? party == by_default : each.of == party);
  });
}

std::vector<Finding> judge_appropriate(const Case& scenario, const trace::Trace& trace, std::int64_t now,
                                       bool over) {
  if (!scenario.appropriate) return {};
  if (scenario.role == model::Role::gateway) return judge_gateway(scenario, trace, {now, over});
  if (scenario.role == model::Role::server) return judge_server(scenario, trace, {now, over});
  const trace::View seen = trace::view(trace, {});
  std::vector<Finding> findings;
  if (!is_replaced(scenario, "sut", "sut")) {
    findings = judge_clients(seen, scenario, {now, over});
    if (seen.size() == 0) findings.push_back(never_connected(over, "the sut connects"));
    if (findings.empty()) {
      findings.push_back(nothing_broke("the sut stays open while nothing breaks its connection"));
    }
  }
  // A loop is judged whatever else is expected.
  for (Finding& finding : oracle::judge_afterwards(seen, scenario)) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace wsfault::verdict
