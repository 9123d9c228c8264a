// The default deadline of a case: the largest bound after the last fault.
#include <algorithm>

#include "fault/catalogue.hpp"
#include "fault/party_fault.hpp"
#include "scenario/load.hpp"
#include "verdict/backoff.hpp"
#include "verdict/oracle/row.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::seconds;

constexpr Duration margin = seconds(5);
constexpr Duration shortest_deadline = seconds(10);

/// An attribute that is a time. A default value is seldom waited for.
Duration time_of(const fault::FaultSpec& spec, const fault::Attribute& attribute, bool with_defaults) {
  const std::optional<fault::AttributeValue> value = attribute.get(spec.attributes);
  const auto* time = value ? std::get_if<Duration>(&*value) : nullptr;
  if (time == nullptr) return Duration(0);
  const bool is_default = !attribute.fallback.empty() && *parse_duration(attribute.fallback) == *time;
  return is_default && !with_defaults ? Duration(0) : *time;
}

/// What a fault on a link or a party waits between its first action and its last.
Duration waits_of(const fault::FaultSpec& spec) {
  if (spec.strikes_connections) return Duration(0);
  return fault::longest_wait(fault::make_party_fault(spec).fire);
}

/// How long after its moment a fault may still be active.
Duration time_of(const fault::FaultSpec& spec, bool with_defaults) {
  Duration time = spec.after + spec.lasts.value_or(Duration(0));
  const fault::Entry* entry = fault::find_entry(spec.inject);
  Duration attributes(0);
  for (const fault::Attribute& attribute : entry->attributes)
    attributes += time_of(spec, attribute, with_defaults);
  time += std::max(attributes, with_defaults ? waits_of(spec) : Duration(0));
  return time + (spec.when.kind == fault::Moment::Kind::idle ? spec.when.idle : Duration(0));
}

Duration longest_fault(const std::vector<fault::FaultSpec>& faults, bool with_defaults) {
  Duration longest(0);
  for (const fault::FaultSpec& spec : faults) longest = std::max(longest, time_of(spec, with_defaults));
  return longest;
}

Duration longest_script(const model::Scenario& scenario) {
  Duration longest(0);
  const auto take = [&](const model::Steps& steps) {
    longest = std::max(longest, model::waiting_time(steps));
  };
  for (const model::Client& client : scenario.clients) {
    if (client.steps) take(*client.steps);
  }
  for (const model::Upstream& upstream : scenario.upstreams) {
    if (upstream.steps) take(*upstream.steps);
    for (const model::Session& session : upstream.sessions) take(session.steps);
  }
  return longest;
}

Duration largest_bound(const std::vector<verdict::Expectation>& expectations) {
  Duration largest(0);
  for (const verdict::Expectation& expectation : expectations) {
    for (const std::optional<Duration>& bound :
         {expectation.within, expectation.not_before, expectation.lasting, expectation.what.nature.limit}) {
      largest = std::max(largest, bound.value_or(Duration(0)));
    }
  }
  return largest;
}

/// The case does not end before this time.
Duration longest_wait(const std::vector<verdict::Expectation>& expectations) {
  Duration longest(0);
  for (const verdict::Expectation& expectation : expectations) {
    longest = std::max(
        {longest, expectation.lasting.value_or(Duration(0)), expectation.not_before.value_or(Duration(0))});
  }
  return longest;
}

/// So long a client may take to come back after what is final for it.
Duration longest_return(const verdict::Case& judged) {
  const model::Traits& traits = judged.system.traits;
  if (judged.role != model::Role::client || !traits.find("final")) return Duration(0);
  const model::Backoff backoff = traits.backoff();
  return verdict::longest_wait(backoff.max.value_or(backoff.first.value_or(judged.wait)));
}

}  // namespace

Duration effective_deadline(const LoadedCase& loaded, std::optional<Duration> wait) {
  const model::Scenario& scenario = loaded.scenario;
  if (scenario.deadline) return *scenario.deadline;
  const model::System& system = loaded.judged.system;
  const Duration oracle = scenario.appropriate
                              ? verdict::oracle::longest_limit(loaded.judged.role, system.kind, system.traits,
                                                          wait.value_or(loaded.judged.wait))
                              : Duration(0);
  const Duration bound =
      std::max({largest_bound(loaded.judged.expectations), oracle, longest_return(loaded.judged)});
  const Duration before = longest_fault(scenario.faults, true) + longest_script(scenario);
  return std::clamp(before + bound + margin, shortest_deadline, longest_duration);
}

Duration expected_duration(const LoadedCase& loaded) {
  if (!loaded.skip.empty()) return Duration(0);
  constexpr Duration overhead = std::chrono::milliseconds(250);  // starting, and 200 ms of settling
  const model::Scenario& scenario = loaded.scenario;
  // These mostly run at the same time.
  return overhead + std::max({longest_fault(scenario.faults, false), longest_script(scenario),
                              longest_wait(loaded.judged.expectations)});
}

}  // namespace wsfault::scenario
