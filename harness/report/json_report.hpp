// The results of a run as one JSON document (docs/results.md, The JSON document).
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <string_view>

#include "report/case_result.hpp"

namespace wsfault::report {

/// Increased when a member is removed or changes its meaning; new members do not change it.
inline constexpr int results_version = 1;

/// As spelled in the document.
std::string_view state_name(verdict::State state);

/// The whole document, with a final newline. Always UTF-8.
std::string print_json_report(const RunSummary& summary);
/// The same for cases that are already JSON.
std::string print_json_report(const RunSummary& summary, boost::json::array cases);

}  // namespace wsfault::report
