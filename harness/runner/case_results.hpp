// Results that no log speaks for, and what becomes of one whose log does.
#pragma once

#include <string>

#include "report/case_result.hpp"
#include "runner/case_run.hpp"

namespace wsfault::runner {

/// A case that is not run, with its reason.
report::CaseResult skipped_case(const CaseOrder& order, const std::string& reason);
/// A case that the harness could not run: an error.
report::CaseResult broken_case(const CaseOrder& order, const std::string& reason);

/// The case could not be ended as it should (`trouble`, a sentence; empty: it could). A failure stands; what
/// passed with such an end has not been seen to its end: its log says so, too, and is judged with it.
void add_trouble_of_end(report::CaseResult& result, const scenario::LoadedCase& loaded, double patience,
                        const std::string& trouble);

/// Leaves what the reports say of a case that passed: how its connections began and ended, and what was cut.
void sum_up(report::CaseResult& result);

}  // namespace wsfault::runner
