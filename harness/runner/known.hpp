// Findings that a system file accepts for now; one that no longer occurs fails the run.
#pragma once

#include <string_view>
#include <vector>

#include "model/system.hpp"
#include "report/case_result.hpp"

namespace wsfault::runner {

/// A case whose finding is listed with this outcome counts as passed, marked "known". An entry whose scenario
/// ran without the finding fails its case with a message, unless it is marked `sometimes`.
void apply_known(const std::vector<model::KnownFinding>& known, std::vector<report::CaseResult>& results);

/// The case ran, the entry names it, and it came to what the entry says.
bool is_known_as(const model::KnownFinding& entry, const report::CaseResult& result);
/// An entry names the case, or its scenario.
bool is_known(const std::vector<model::KnownFinding>& known, std::string_view id);

}  // namespace wsfault::runner
