// The result of a case, only from its log.
#pragma once

#include <string>
#include <string_view>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// Judges a log (JSON lines) as the run that wrote it did. Errors, prefixed with `file`: it is not a log, has
/// another version, or was cut. The result has no repeat command, no lines of the scenario file and no
/// [[known]]: a log contains none of them.
Result<report::CaseResult> judge_log(std::string_view text, const std::string& file);

}  // namespace wsfault::runner
