// Matching of [[known]] entries with results.
#include "runner/known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace wsfault::runner {
namespace {

/// The entry names the case, with or without the values of [each].
bool concerns(const model::KnownFinding& entry, std::string_view id) {
  const std::string_view whole = id.substr(0, id.find('#'));
  return entry.scenario == whole || entry.scenario == whole.substr(0, whole.find('['));
}

bool ran(const report::CaseResult& result) {
  return result.outcome != verdict::Outcome::skipped && result.outcome != verdict::Outcome::error &&
         result.outcome != verdict::Outcome::interrupted;
}

}  // namespace

bool is_known_as(const model::KnownFinding& entry, const report::CaseResult& result) {
  return ran(result) && concerns(entry, result.id) && to_string(result.outcome) == entry.outcome;
}

bool is_known(const std::vector<model::KnownFinding>& known, std::string_view id) {
  return std::ranges::any_of(known, [id](const model::KnownFinding& entry) { return concerns(entry, id); });
}

void apply_known(const std::vector<model::KnownFinding>& known, std::vector<report::CaseResult>& results) {
  for (const model::KnownFinding& entry : known) {
    report::CaseResult* last = nullptr;
    bool occurred = false;
    for (report::CaseResult& result : results) {
      if (!ran(result) || !concerns(entry, result.id)) continue;
      last = &result;
      if (result.known.empty() && is_known_as(entry, result)) {
        result.outcome = verdict::Outcome::passed;
        result.known = entry.reason;
        occurred = true;
      }
    }
    if (occurred || entry.sometimes || last == nullptr || !last->known.empty()) continue;
    verdict::Finding gone;
    gone.state = verdict::State::violated;
    gone.subject = "known finding";
    gone.expected = fmt::format("{} as the system file says: {}", entry.outcome, entry.reason);
    gone.seen = fmt::format("the finding no longer occurs: it {}", to_string(last->outcome));
    gone.remedy = "remove the [[known]] entry from the system file";
    last->judgement.findings.push_back(std::move(gone));
    last->outcome = verdict::Outcome::failed;
  }
}

}  // namespace wsfault::runner
