// What is wrong with the system where an expectation or a script failed: what the oracle would say, or what the
// failure itself shows.
#include "verdict/blame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "trace/view.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict {
namespace {

bool lacks_cause(const Finding& finding) {
  return (finding.state == State::violated || finding.state == State::warned) && finding.cause.empty();
}

/// What the oracle would say if nothing were expected.
std::vector<Finding> opinions_of(const Case& scenario, const trace::Trace& trace, std::int64_t now,
                                 bool over) {
  Case unexpecting = scenario;
  unexpecting.expectations.clear();
  unexpecting.appropriate = true;
  return judge_appropriate(unexpecting, trace, now, over);
}

void take(Finding& finding, const Finding& opinion) {
  finding.why = opinion.why;
  finding.cause = opinion.cause;
  finding.remedy = opinion.remedy;
}

/// That a client gives up the oracle says only where its process ended.
bool ends_the_process(const Finding& opinion) {
  return is_death(opinion.why) || opinion.why == Cause::gives_up;
}

/// The end of the system's process, where it came before: what fails after it fails for that reason. It is seen a
/// little later than the end of its connections.
bool take_death(Finding& finding, const std::vector<Finding>& opinions) {
  const auto found = std::ranges::find_if(opinions, [&](const Finding& opinion) {
    return ends_the_process(opinion) && opinion.state == State::violated && opinion.at &&
           (!finding.at || *finding.at >= *opinion.at - oracle::dying.count());
  });
  if (found == opinions.end()) return false;
  take(finding, *found);
  return true;
}

/// What the oracle has against the system on that connection, or anywhere where the finding names none. `state`:
/// violated, or warned for what it only remarks on.
bool take_opinion(Finding& finding, const std::vector<Finding>& opinions, State state = State::violated) {
  const auto found = std::ranges::find_if(opinions, [&](const Finding& opinion) {
    return opinion.state == state && !opinion.cause.empty() && opinion.connection == finding.connection;
  });
  if (found == opinions.end()) return false;
  take(finding, *found);
  finding.broke = found->broke;
  return true;
}

/// The script of the very party that an expectation speaks of did not get what it waited for.
bool take_script(Finding& finding, const Expectation& expectation, const std::vector<Finding>& scripts) {
  const auto found = std::ranges::find_if(scripts, [&](const Finding& script) {
    return !script.cause.empty() && script.connection == finding.connection &&
           script.subject == "script of " + expectation.of;
  });
  if (found == scripts.end()) return false;
  take(finding, *found);
  return true;
}

/// A loop shows on its later connections, and explains why there are too many.
bool take_loop(Finding& finding, const Expectation& expectation, const std::vector<Finding>& opinions) {
  if (expectation.what.nature.shows != Cause::side_by_side) return false;
  const auto found = std::ranges::find(opinions, Cause::comes_back_unchanged, &Finding::why);
  if (found == opinions.end()) return false;
  take(finding, *found);
  return true;
}

/// Of a client of ours that a gateway or server did not let in, though nothing behind it had broken.
Cause shown_by_the_handshake(const Finding& finding, const Expectation& expectation, const Case& scenario,
                             const trace::Trace& trace) {
  if (scenario.role == model::Role::client || !expectation.what.nature.says_the_end) return Cause::none;
  const char* link = scenario.role == model::Role::gateway ? "front" : "link";
  const std::string party = expectation.of.empty() ? "client" : expectation.of;
  const trace::Connection* connection = trace.find(link, party, finding.connection);
  if (!connection || connection->server.has_101()) return Cause::none;
  if (connection->unreachable) return Cause::not_let_in;
  if (!connection->client.request) return Cause::no_handshake_limit;
  return finding.broke.empty() ? Cause::not_let_in : Cause::none;
}

/// What broke the connection; where it was refused it has no number.
std::string what_broke(const trace::View& seen, int connection, const Case& scenario) {
  const auto legs = seen.connections();
  auto found = std::ranges::find(legs, connection, &trace::Leg::number);
  if (found == legs.end()) found = std::ranges::find(legs, 0, &trace::Leg::number);
  if (found == legs.end()) return {};
  const auto broke = oracle::first_break(*found, seen.process, scenario.system.traits);
  return broke ? oracle::what_broke(*broke) : std::string();
}

/// Is there something that the oracle could not tell?
bool any_undecided(const std::vector<Finding>& opinions) {
  return std::ranges::any_of(opinions, [](const Finding& opinion) {
    return opinion.state == State::pending || opinion.state == State::inconclusive;
  });
}

/// Only an expectation of the scenario's own failed. `shown`: what the handshake shows.
void blame_expectation(Finding& finding, const Expectation& expectation, Cause shown,
                       const std::vector<Finding>& opinions) {
  if (finding.state != State::violated) return;
  const Cause usual = expectation.never ? Cause::none : expectation.what.nature.shows;
  for (const Cause cause : {finding.why, usual}) {
    if (cause != Cause::none) return explain_by(finding, cause);
  }
  if (take_opinion(finding, opinions, State::warned)) return;
  if (shown != Cause::none) return explain_by(finding, shown);
  if (any_undecided(opinions)) return;
  finding.cause = "As far as the protocol goes the system did right: the expectation is the scenario's own.";
  finding.remedy = "Look at what the application should have done here, or at the expectation.";
}

}  // namespace

void explain(std::vector<Finding>& findings, const std::vector<Finding>& scripts, const Case& scenario,
             const trace::Trace& trace, std::int64_t now, bool over) {
  if (std::ranges::none_of(findings, lacks_cause)) return;
  const std::vector<Finding> opinions = opinions_of(scenario, trace, now, over);
  std::optional<oracle::Pairing> pairing;
  if (scenario.role == model::Role::gateway) pairing.emplace(oracle::pair_up(trace, scenario.system.kind));
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& finding = findings[i];
    if (!lacks_cause(finding)) continue;
    const Expectation& expectation = scenario.expectations[i];
    const bool known = take_death(finding, opinions) || take_opinion(finding, opinions) ||
                       take_loop(finding, expectation, opinions) || take_script(finding, expectation, scripts);
    if (finding.broke.empty() && scenario.role == model::Role::client)
      finding.broke = what_broke(trace::view(trace, {}), finding.connection, scenario);
    if (finding.broke.empty() && pairing)
      finding.broke = oracle::what_broke(*pairing, scenario, finding.connection);
    if (known) continue;
    const Cause shown = shown_by_the_handshake(finding, expectation, scenario, trace);
    blame_expectation(finding, expectation, shown, opinions);
  }
}

void explain_scripts(std::vector<Finding>& scripts, const Case& scenario, const trace::Trace& trace,
                     std::int64_t now, bool over) {
  if (scripts.empty()) return;
  const std::vector<Finding> opinions = opinions_of(scenario, trace, now, over);
  for (Finding& finding : scripts) {
    if (!take_death(finding, opinions)) take_opinion(finding, opinions);
  }
}

void explain_ends(std::vector<Finding>& opinions) {
  for (Finding& finding : opinions) {
    const bool ended = finding.state == State::violated && finding.why == Cause::ends_by_itself;
    if (ended) take_death(finding, opinions);
  }
}

void name_names(std::vector<Finding>& findings, const Case& scenario, const trace::Trace& trace) {
  const bool several = std::ranges::any_of(
      trace.connections(), [](const trace::Connection& each) { return each.number > 1 && !each.plain; });
  for (Finding& finding : findings) {
    if (finding.why != Cause::none && !finding.cause.empty())
      finding.cause = sentence_of(finding.why, model::to_string(scenario.role));
    const bool says_it = finding.expected.find(fmt::format("connection {}", finding.connection)) != std::string::npos;
    // An expectation says itself of which it is, or is about all of them.
    const bool by_rule = finding.subject == "appropriate" || finding.subject.starts_with("standing rule");
    const bool decided = finding.state != State::holds && finding.state != State::pending;
    if (several && by_rule && decided && finding.connection > 0 && !says_it)
      finding.expected = fmt::format("on connection {}: {}", finding.connection, finding.expected);
  }
}

}  // namespace wsfault::verdict
