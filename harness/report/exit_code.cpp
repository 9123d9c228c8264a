// Reduces outcomes to one number, by urgency.
#include "report/exit_code.hpp"

#include <algorithm>
#include <array>

namespace wsfault::report {
namespace {

int exit_code(verdict::Outcome outcome, bool strict) {
  switch (outcome) {
    case verdict::Outcome::error:
    case verdict::Outcome::inconclusive:
    case verdict::Outcome::interrupted:
      return exit_undecided;
    case verdict::Outcome::failed:
      return exit_failed;
    case verdict::Outcome::warned:
      return strict ? exit_failed : exit_passed;
    case verdict::Outcome::passed:
    case verdict::Outcome::skipped:
      return exit_passed;
  }
  return exit_undecided;
}

}  // namespace

int most_urgent(std::initializer_list<int> exit_codes) {
  constexpr std::array by_urgency{exit_interrupted, exit_usage, exit_failed, exit_undecided};
  for (const int code : by_urgency) {
    if (std::ranges::find(exit_codes, code) != exit_codes.end()) return code;
  }
  return exit_passed;
}

int exit_code(const std::vector<verdict::Outcome>& outcomes, bool strict) {
  const auto skipped = [](verdict::Outcome outcome) { return outcome == verdict::Outcome::skipped; };
  int code = std::ranges::all_of(outcomes, skipped) ? exit_undecided : exit_passed;
  for (const verdict::Outcome outcome : outcomes) code = most_urgent({code, exit_code(outcome, strict)});
  return code;
}

int exit_code(const RunSummary& summary, bool strict) {
  std::vector<verdict::Outcome> outcomes;
  for (const CaseResult& result : summary.cases) outcomes.push_back(result.outcome);
  int code = exit_code(outcomes, strict);
  // With more shards than cases, a shard without cases is not an error.
  if (summary.shard && outcomes.empty()) code = exit_passed;
  if (!summary.stopped.empty()) code = most_urgent({code, exit_undecided});
  if (!summary.missing_shards.empty()) code = most_urgent({code, exit_undecided});
  return most_urgent({code, summary.interrupted ? exit_interrupted : exit_passed});
}

}  // namespace wsfault::report
