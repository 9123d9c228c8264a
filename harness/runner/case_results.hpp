// Results of cases without a log, and changes to the results of cases with one.
#pragma once

#include <string>

#include "report/case_result.hpp"
#include "runner/case_run.hpp"

namespace wsfault::runner {

/// A case that is not run, with its reason.
report::CaseResult skipped_case(const CaseOrder& order, const std::string& reason);
/// A case that the harness could not run: an error.
report::CaseResult broken_case(const CaseOrder& order, const std::string& reason);

/// The case could not be ended properly (`trouble`, a sentence; empty: it could). A failure stays a failure.
/// A pass becomes an error, because its end was not seen; its log records this too, and is judged with it.
void add_trouble_of_end(report::CaseResult& result, const scenario::LoadedCase& loaded, double timeout_scale,
                        const std::string& trouble);

/// Keeps only what the reports show of a case that passed: how its connections began and ended, and what was
/// cut.
void sum_up(report::CaseResult& result);

}  // namespace wsfault::runner
