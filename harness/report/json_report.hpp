// The results of a run as one JSON document (docs/results.md, The JSON document).
#pragma once

#include <string>

#include "report/case_result.hpp"

namespace wsfault::report {

/// Grows when a member is removed or changes its meaning; new members do not change it.
inline constexpr int results_version = 1;

/// The whole document, with a newline at its end. Always UTF-8.
std::string print_json_report(const RunSummary& summary);

}  // namespace wsfault::report
