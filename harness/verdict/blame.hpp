// What is wrong with the system where an expectation or a script failed.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/trace.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict {

/// Says of each expectation that failed what broke its connection, and what is wrong with the system: what
/// the oracle would say, what the script of the same party shows, or what the failure itself shows.
void explain(std::vector<Finding>& findings, const std::vector<Finding>& scripts, const Case& scenario,
             const trace::Trace& trace, std::int64_t now, bool over);
/// The same of what scripts did not get: the oracle may know why.
void explain_scripts(std::vector<Finding>& scripts, const Case& scenario, const trace::Trace& trace,
                     std::int64_t now, bool over);
/// That a connection was ended by itself is the end of the process, where that came with it.
void explain_ends(std::vector<Finding>& opinions);
/// Who must change is the system, and it is named by its role; which connection it is about is said where there
/// are several.
void name_names(std::vector<Finding>& findings, const Case& scenario, const trace::Trace& trace);

}  // namespace wsfault::verdict
