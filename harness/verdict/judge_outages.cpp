// Outages that the system under test did not meet: the scenario proves nothing of what it does in one.
#include <fmt/format.h>

#include <algorithm>

#include "trace/view.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

using fault::FaultSpec;
using trace::Span;

bool overlap(const Span& one, const Span& other) {
  return (!one.until || *one.until >= other.from) && (!other.until || *other.until >= one.from);
}

/// From the attempt to the first end.
Span life_of(const trace::Leg& connection) {
  Span life{connection.of->attempted, std::nullopt};
  for (const auto& end : {connection.ended, connection.own_end}) {
    if (end) life.until = std::min(life.until.value_or(end->at), end->at);
  }
  return life;
}

/// It tried to connect meanwhile, or its connection was silenced.
bool is_met(const trace::Refusal& outage, const trace::Trace& trace) {
  const trace::Caller& sut = trace.caller("link", "sut");
  const auto meets = [&](const auto& span) { return overlap(span, outage); };
  const auto tried_at = [&](std::int64_t at) { return overlap({at, at}, outage); };
  const auto reported = [&](const trace::SeenReport& report) { return tried_at(report.at); };
  const trace::Connection* nobody = sut.refused();
  return std::ranges::any_of(trace.refused_attempts("link"), tried_at) ||
         std::ranges::any_of(trace.unanswered("link"), meets) ||
         (nobody && (std::ranges::any_of(nobody->client.reports().errors, reported) ||
                     std::ranges::any_of(nobody->client.reports().closes, reported))) ||
         (outage.dark && std::ranges::any_of(sut.attempts(), [&](const trace::Connection* each) {
            return meets(life_of(each->client));
          }));
}

/// When a fault of that name was at work.
std::vector<Span> times_of(const FaultSpec& fault, const trace::Trace& trace) {
  std::vector<Span> times;
  for (const auto& fired : trace.all<record::FaultFired>()) {
    if (fired.fact->name == fault.name) times.push_back({fired.at, std::nullopt});
  }
  for (const auto& healed : trace.all<record::FaultHealed>()) {
    if (healed.fact->name == fault.name && !times.empty()) times.back().until = healed.at;
  }
  return times;
}

/// A connection was open all that time.
bool outlived(const std::vector<trace::Refusal>& outages, const trace::Trace& trace) {
  return std::ranges::any_of(trace.caller("link", "sut").attempts(), [&](const trace::Connection* each) {
    const Span life = life_of(each->client);
    return std::ranges::any_of(outages, [&](const trace::Refusal& outage) {
      return outage.until && life.from <= outage.from && life.until.value_or(*outage.until) >= *outage.until;
    });
  });
}

/// It closes the door for everybody, and is not about one of several addresses or an open connection alone.
bool is_outage(const FaultSpec& fault) {
  return !fault.strikes_connections && !fault.on_party && !fault.address;
}

}  // namespace

std::vector<Finding> judge_outages(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings;
  if (scenario.role != model::Role::client) return findings;
  for (const FaultSpec& fault : scenario.faults) {
    if (!is_outage(fault)) continue;
    const std::vector<Span> times = times_of(fault, trace);
    std::vector<trace::Refusal> outages;
    for (const trace::Refusal& each : trace.refusals("link")) {
      if (std::ranges::any_of(times, [&](const Span& time) { return overlap(time, each); })) outages.push_back(each);
    }
    const auto unmet = [&](const trace::Refusal& each) { return each.until && !each.unseen && !is_met(each, trace); };
    if (outages.empty() || !std::ranges::all_of(outages, unmet)) continue;
    Finding finding;
    finding.state = State::inconclusive;
    finding.subject = "fault " + fault.name;
    finding.expected = fmt::format("{} at {} is met by the client", fault.inject, to_string(fault.when));
    finding.seen = fmt::format("no attempt to connect came in the {} that it lasted",
                               format_duration(Duration(*outages.back().until - outages.back().from)));
    finding.remedy = outlived(outages, trace)
                         ? "Its connection lives on meanwhile: end that, too, or use `dark`, which silences it."
                         : "Let it last until the client tries: longer than it takes to start, or than its first delay.";
    finding.place = fault.place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace wsfault::verdict
