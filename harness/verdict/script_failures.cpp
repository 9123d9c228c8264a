// Steps `expect` of scripts to which no message came: the fault of the system under test, unless the scenario
// itself took the message away.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/cause.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/echoes.hpp"
#include "verdict/oracle/pairing.hpp"

namespace wsfault::verdict {
namespace {

using record::ProcessChange;
using trace::Connection;
using trace::Leg;

/// Until when something may have kept the message from coming.
struct Until {
  std::int64_t at = 0;
  std::size_t index = 0;
};

/// A fault that fired on that very connection.
bool is_struck(const Connection& connection, const trace::Trace& trace, const Until& until) {
  return std::ranges::any_of(trace.all<record::FaultFired>(), [&](const auto& fired) {
    const record::Where& where = trace.where(fired.index);
    return fired.index < until.index && where.link == connection.link &&
           where.connection == connection.number &&
           (where.party.empty() || where.party == connection.party);
  });
}

/// Frames that one side sent and that did not reach the other.
bool has_lost_frames(const Connection& connection) {
  return connection.client.sent.size() > connection.server.received.size() ||
         connection.server.sent.size() > connection.client.received.size();
}

bool is_silenced(const Leg& leg, const Until& until) {
  return std::ranges::any_of(leg.quiet, [&](const trace::Quiet& quiet) { return quiet.from <= until.at; });
}

/// The scenario's own party on that side was the first to say Close.
bool is_closed_by_script(const Leg& ours, const Until& until) {
  const auto own = ours.own_close();
  const auto peer = ours.peer_close();
  return own && own->index < until.index && (!peer || own->index < peer->index);
}

bool is_ended_by_scenario(const Connection& connection, record::Side ours, const trace::Trace& trace,
                          const Until& until) {
  if (is_closed_by_script(connection.leg(ours), until)) return true;
  if (is_silenced(connection.client, until) || is_silenced(connection.server, until)) return true;
  const auto is_harmed = [&](const Leg& leg) {
    return leg.over() || leg.messages_differ() || leg.awaits_message(until.at);
  };
  const bool harmed =
      is_harmed(connection.client) || is_harmed(connection.server) || has_lost_frames(connection);
  return harmed && is_struck(connection, trace, until);
}

/// A process of the case was killed, told to stop, frozen or reloaded in its time.
bool is_process_struck(const Connection& connection, const trace::Trace& trace, const Until& until) {
  return std::ranges::any_of(trace.all<record::ProcessChanged>(), [&](const auto& each) {
    const ProcessChange change = each.fact->change;
    const bool strikes = change == ProcessChange::killed || change == ProcessChange::stopping ||
                         change == ProcessChange::frozen || change == ProcessChange::reloaded;
    return strikes && each.at >= connection.accepted && each.index < until.index;
  });
}

/// The connection whose script it is: clients of ours have numbers of their own each, an upstream serves all.
const Connection* connection_of(const record::Where& where, const trace::Trace& trace) {
  if (const Connection* own = trace.find(where.link, where.party, where.connection)) return own;
  for (const trace::Caller* caller : trace.callers(where.link)) {
    if (const Connection* found = trace.find(where.link, caller->party, where.connection)) return found;
  }
  return nullptr;
}

/// Of a gateway: what joins the connections of its two sides; null if nothing does.
const oracle::Pair* pair_of(const Connection& connection, const oracle::Pairing& pairing) {
  const auto found = std::ranges::find_if(pairing.pairs, [&](const oracle::Pair& pair) {
    return pair.front->of == &connection || (pair.back && pair.back->of == &connection);
  });
  return found == pairing.pairs.end() ? nullptr : &*found;
}

/// Why it did not come lies with the scenario.
bool is_excused(const record::Where& where, const Until& until, const Case& scenario,
                const trace::Trace& trace) {
  const Connection* own = connection_of(where, trace);
  if (!own) return false;
  if (is_process_struck(*own, trace, until)) return true;
  const auto ours = [&](const Connection& connection) {
    const bool is_client = scenario.role == model::Role::server || connection.link == "front";
    return is_client ? record::Side::client : record::Side::server;
  };
  if (is_ended_by_scenario(*own, ours(*own), trace, until)) return true;
  if (scenario.role != model::Role::gateway) return false;
  const oracle::Pairing pairing = oracle::pair_up(trace, scenario.system.kind);
  const oracle::Pair* pair = pair_of(*own, pairing);
  // Where nobody knows what belongs together, any fault may have been the one.
  if (!pair || pair->unclear) return !trace.all<record::FaultFired>().empty();
  if (!pair->back) return false;
  const Connection& other = pair->front->of == own ? *pair->back->of : *pair->front->of;
  return is_ended_by_scenario(other, ours(other), trace, until);
}

/// "expect hello" of a script: "citizen gets what its script expects: hello".
std::string in_words(const record::Where& where, std::string_view step) {
  constexpr std::string_view expects = "expect ";
  const std::string party = where.party.empty() ? "the run" : where.party.str();
  if (!step.starts_with(expects)) return fmt::format("{}: {}", party, step);
  return fmt::format("{} gets what its script expects: {}", party, step.substr(expects.size()));
}

}  // namespace

std::vector<Finding> judge_scripts(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings;
  for (const auto& failed : trace.all<record::ScriptFailed>()) {
    const record::Where& where = trace.where(failed.index);
    if (where.party.str() == visitor) continue;  // `alive` says what came of it
    if (is_excused(where, {failed.at, failed.index}, scenario, trace)) continue;
    Finding finding;
    finding.state = State::violated;
    finding.subject = fmt::format("script of {}", where.party.empty() ? "the run" : where.party);
    finding.expected = in_words(where, failed.fact->step.view());
    finding.seen = failed.fact->detail;
    finding.at = failed.at;
    finding.connection = where.connection;
    const bool is_echo = scenario.role == model::Role::server && oracle::sends_back_what_came(scenario.system.traits);
    // Of a gateway the oracle says whether it kept something back.
    if (scenario.role != model::Role::gateway)
      explain_by(finding, is_echo ? Cause::echo_differs : Cause::application_silent);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace wsfault::verdict
