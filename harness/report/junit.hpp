// The results of a run as JUnit XML, as continuous integration servers read it.
#pragma once

#include <string>

#include "report/case_result.hpp"

namespace wsfault::report {

/// One suite for each folder of scenarios. Failed is a <failure>, error and inconclusive are an <error> whose
/// type tells which, skipped is <skipped>; warned and known findings pass, with what there is to say in
/// <system-out>.
std::string print_junit(const RunSummary& summary);

}  // namespace wsfault::report
