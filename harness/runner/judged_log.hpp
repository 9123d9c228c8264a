// The result of a case, from its log alone.
#pragma once

#include <string>
#include <string_view>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// Judges a log (JSON lines) as the run that wrote it did. Errors, with `file` before them: it is no log, of
/// another version, or was cut. The result has no command that repeats it, no lines of the scenario file and
/// no [[known]]: a log keeps none of them.
Result<report::CaseResult> judge_log(std::string_view text, const std::string& file);

}  // namespace wsfault::runner
