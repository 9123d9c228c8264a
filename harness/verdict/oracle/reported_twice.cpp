#include "verdict/oracle/reported_twice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "value/words.hpp"
#include "verdict/cause.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// Attempts are dated when they were made, reports when they were read: an end is never told before its attempt, but for
/// the clocks of the kernel and of the log.
constexpr std::int64_t clocks = Duration(std::chrono::milliseconds(20)).count();

/// An attempt that is refused or lost where nobody looks leaves no trace.
bool sees_all_attempts(const trace::Trace& trace, const Case& scenario) {
  const bool on_network = std::ranges::any_of(scenario.faults, &fault::FaultSpec::on_network);
  const bool unseen = std::ranges::any_of(trace.refusals("link"), &trace::Refusal::unseen);
  const auto lossy = [](const trace::Connection* each) { return each->loses_packets(0, INT64_MAX); };
  return !on_network && !unseen && std::ranges::none_of(trace.caller("link", "sut").attempts(), lossy);
}

std::vector<std::int64_t> attempts_of(const trace::Trace& trace) {
  std::vector<std::int64_t> times = trace.refused_attempts("link");
  for (const trace::Connection* each : trace.caller("link", "sut").attempts()) times.push_back(each->attempted);
  std::ranges::sort(times);
  return times;
}

std::vector<std::int64_t> reported_ends(const trace::Trace& trace) {
  std::vector<std::int64_t> times;
  for (const trace::Connection* each : trace.caller("link", "sut").all()) {
    for (const trace::SeenReport& close : each->client.reports().closes) times.push_back(close.at);
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace

std::optional<Finding> judge_reported_twice(const trace::Trace& trace, const Case& scenario, Horizon horizon) {
  if (!sees_all_attempts(trace, scenario)) return std::nullopt;
  const std::vector<std::int64_t> attempts = attempts_of(trace);
  const std::vector<std::int64_t> ends = reported_ends(trace);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto made = std::ranges::upper_bound(attempts, ends[i] + clocks) - attempts.begin();
    if (std::cmp_less(i, made)) continue;
    if (!horizon.over && horizon.now <= ends[i] + log_order) return std::nullopt;
    Finding finding;
    finding.state = State::violated;
    finding.subject = "appropriate";
    finding.expected = "the sut reports each end once";
    finding.seen = fmt::format("it had reported {}, and made {}", counted(i + 1, "end"),
                               counted(static_cast<std::uint64_t>(made), "attempt"));
    finding.at = ends[i];
    explain_by(finding, Cause::end_reported_twice);
    return finding;
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict::oracle
