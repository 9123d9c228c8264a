// judge_appropriate: the oracle's opinion on every connection of the judged party (docs/verdicts.md).
#include <algorithm>
#include <variant>

#include "verdict/judge.hpp"
#include "verdict/observation.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/client.hpp"

namespace wsfault::verdict {
namespace {

/// An explicit close, status, end or wire_close of a party replaces the oracle's opinion on it.
bool is_replaced(const Case& scenario) {
  return std::ranges::any_of(scenario.expectations, [](const Expectation& each) {
    const bool says_the_end = std::holds_alternative<CloseExpected>(each.what) ||
                              std::holds_alternative<StatusExpected>(each.what) ||
                              std::holds_alternative<EndExpected>(each.what) ||
                              std::holds_alternative<WireCloseExpected>(each.what);
    return says_the_end && !each.never && (each.of.empty() || each.of == "sut");
  });
}

Finding nothing_broke() {
  Finding finding;
  finding.state = State::holds;
  finding.subject = "appropriate";
  finding.expected = "the sut stays open while nothing breaks its connection";
  finding.seen = "nothing broke it";
  return finding;
}

Finding never_connected(bool over) {
  Finding finding;
  finding.state = over ? State::inconclusive : State::pending;
  finding.subject = "appropriate";
  finding.expected = "the sut connects";
  finding.seen = "no attempt of it was seen";
  return finding;
}

bool is_news(const Finding& finding, const std::vector<Finding>& known) {
  if (finding.state != State::violated && finding.state != State::warned) return false;
  return std::ranges::none_of(known, [&](const Finding& other) {
    return other.state == finding.state && other.expected == finding.expected;
  });
}

/// The first connection that broke decides; of the others only what is wrong is said.
std::vector<Finding> judge_clients(const Observation& seen, const Case& scenario, oracle::Moment moment) {
  std::vector<Finding> findings;
  for (const Observed& connection : seen.connections) {
    const oracle::Moment until{moment.now, moment.over && findings.empty()};
    auto finding = oracle::judge_client(connection, seen, scenario, until);
    if (!finding) continue;
    if (findings.empty() || is_news(*finding, findings)) findings.push_back(std::move(*finding));
  }
  return findings;
}

}  // namespace

std::vector<Finding> judge_appropriate(const Case& scenario, const std::vector<record::Event>& events,
                                       std::int64_t now, bool over) {
  // Gateways and servers have their rows; their connections are judged when their seats exist.
  if (!scenario.appropriate || scenario.role != model::Role::client) return {};
  const Observation seen = observe(events, Seat{});
  std::vector<Finding> findings;
  if (!is_replaced(scenario)) {
    findings = judge_clients(seen, scenario, {now, over});
    if (seen.connections.empty()) findings.push_back(never_connected(over));
    if (findings.empty()) findings.push_back(nothing_broke());
  }
  // A loop is judged whatever else is expected.
  for (Finding& finding : oracle::judge_afterwards(seen, scenario)) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace wsfault::verdict
