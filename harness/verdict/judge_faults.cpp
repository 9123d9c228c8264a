// Faults that never fired, or did not strike all the connections that they list: the scenario proves nothing.
// Faults that are still at work: the scenario is not over.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "fault/catalogue.hpp"
#include "fault/party_fault.hpp"
#include "verdict/compressed.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

using fault::FaultSpec;

/// Where a fault fired, or was spared by the draw of its `probability`, which is no lack. 0: on no
/// connection.
std::set<int> struck(const FaultSpec& fault, const trace::Trace& trace) {
  std::set<int> connections;
  const auto take = [&](const auto& facts) {
    for (const auto& each : facts) {
      const record::Where& where = trace.where(each.index);
      if (each.fact->name == fault.name && (!fault.of || where.party == *fault.of))
        connections.insert(where.connection);
    }
  };
  take(trace.all<record::FaultFired>());
  take(trace.all<record::FaultSpared>());
  return connections;
}

/// `never = { fault = NAME }`: then, and only then, not firing is right.
bool may_stay_silent(const FaultSpec& fault, const Case& scenario) {
  return std::ranges::any_of(scenario.expectations, [&](const Expectation& expectation) {
    return expectation.never && expectation.what.nature.fault == fault.name;
  });
}

/// What it lacks, as a phrase; empty if it did what it was to do.
std::string lack(const FaultSpec& fault, const std::set<int>& connections) {
  if (connections.empty()) return "it never fired";
  if (!fault.strikes_connections || fault.on_party || !fault.connections.closed()) return {};
  constexpr std::size_t most = 10;
  std::vector<int> missed;
  for (int each = fault.connections.first; each <= fault.connections.last && missed.size() < most; ++each) {
    if (fault.connections.contains(each) && !connections.contains(each)) missed.push_back(each);
  }
  return missed.empty() ? "" : fmt::format("it did not strike connection {}", fmt::join(missed, ", "));
}

std::string wanted(const FaultSpec& fault) {
  const std::string when = fmt::format("{} at {}", fault.inject, to_string(fault.when));
  if (!fault.strikes_connections || fault.on_party) return fmt::format("{} fires", when);
  if (fault.whole_link) return fmt::format("{} strikes the link {}", when, fault.at);
  return fmt::format("{} strikes connections {}", when, fault.connections.text);
}

/// After its time a fault has healed, but for what it takes to write that down.
constexpr Duration slack = std::chrono::seconds(1);

bool has_healed(const trace::Seen<record::FaultFired>& fired, const trace::Trace& trace) {
  const record::Where& where = trace.where(fired.index);
  return std::ranges::any_of(trace.all<record::FaultHealed>(), [&](const auto& healed) {
    const record::Where& other = trace.where(healed.index);
    return healed.index > fired.index && healed.fact->name == fired.fact->name && other.link == where.link &&
           other.party == where.party && other.connection == where.connection;
  });
}

/// Told to stop, a process has its grace until it ends or is killed.
bool has_ended(const trace::Process& process, std::int64_t told) {
  return std::ranges::any_of(process.events, [&](const trace::ProcessEvent& event) {
    return event.at >= told && (event.change == record::ProcessChange::killed ||
                                event.change == record::ProcessChange::exited);
  });
}

/// What a fault on a party does between its first action and its last.
struct Course {
  Duration waits{0};  ///< `grace`, `down`
  bool starts_again = false;
};
Course course_of(const FaultSpec& fault) {
  if (fault.strikes_connections) return {};
  const fault::PartyActions actions = fault::make_party_fault(fault).fire;
  return {fault::longest_wait(actions), fault::starts_process(actions)};
}

/// Until when it is at work, if nothing comes in between; none: it is not.
std::optional<std::int64_t> at_work_until(const trace::Seen<record::FaultFired>& fired,
                                          const FaultSpec& fault, const trace::Trace& trace) {
  const Course course = course_of(fault);
  const Duration time = std::max(course.waits, fault.lasts.value_or(Duration(0)));
  if (time == Duration(0) || has_healed(fired, trace)) return std::nullopt;
  const bool ends_with_process = fault.on_party && !fault.lasts && !course.starts_again;
  if (ends_with_process && has_ended(trace.process(fault.at), fired.at)) return std::nullopt;
  return fired.at + (time + slack).count();
}

/// Why nothing more can come of a client.
std::string end_of(const trace::ProcessEvent& exit) {
  return exit.signal != 0 ? fmt::format("the client's process had been ended by signal {}", exit.signal)
                          : fmt::format("the client's process had ended with exit code {}", exit.code);
}

}  // namespace

std::vector<Finding> judge_faults(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings;
  for (const FaultSpec& fault : scenario.faults) {
    if (may_stay_silent(fault, scenario)) continue;
    std::string seen = lack(fault, struck(fault, trace));
    if (seen.empty()) continue;
    if (const std::string why = why_unread(fault.when, trace); !why.empty()) seen += fmt::format(": {}", why);
    const auto& life = trace.process("sut").events;
    const bool gone = !life.empty() && life.back().change == record::ProcessChange::exited;
    if (gone && scenario.role == model::Role::client) {
      seen += fmt::format(": {}", end_of(life.back()));
    } else if (const fault::Entry* entry = fault::find_entry(fault.inject); !entry->awaits.empty()) {
      seen += fmt::format(": {} never came", entry->awaits);
    }
    Finding finding;
    finding.state = State::inconclusive;
    finding.subject = "fault " + fault.name;
    finding.expected = wanted(fault);
    finding.seen = std::move(seen);
    finding.place = fault.place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

const FaultSpec* default_fault(const Case& scenario) {
  const auto may_fire = [&](const FaultSpec& fault) { return !may_stay_silent(fault, scenario); };
  const auto found = std::ranges::find_if(scenario.faults, may_fire);
  return found == scenario.faults.end() ? nullptr : &*found;
}

std::vector<Finding> judge_faults_at_work(const Case& scenario, const trace::Trace& trace, std::int64_t now) {
  std::vector<Finding> findings;
  for (const trace::Seen<record::FaultFired>& fired : trace.all<record::FaultFired>()) {
    const auto is_it = [&](const FaultSpec& each) { return fired.fact->name == each.name; };
    const auto fault = std::ranges::find_if(scenario.faults, is_it);
    if (fault == scenario.faults.end()) continue;
    const auto until = at_work_until(fired, *fault, trace);
    if (!until || *until < now) continue;
    Finding finding;
    finding.state = State::pending;
    finding.subject = "fault " + fault->name;
    finding.expected = "it comes to its end";
    finding.seen = "it is at work";
    finding.look_again = *until + 1;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace wsfault::verdict
