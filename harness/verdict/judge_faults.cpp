// Faults that never fired, or did not strike all the connections that they list: the scenario proves nothing.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

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
  return fmt::format("{} strikes connections {}", when, fault.connections.text);
}

}  // namespace

std::vector<Finding> judge_faults(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings;
  for (const FaultSpec& fault : scenario.faults) {
    if (may_stay_silent(fault, scenario)) continue;
    std::string seen = lack(fault, struck(fault, trace));
    if (seen.empty()) continue;
    if (const std::string why = why_unread(fault.when, trace); !why.empty()) seen += fmt::format(": {}", why);
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

}  // namespace wsfault::verdict
