// The block that explains one case: expected against seen, the timeline around it, cause, remedy, how to
// repeat it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_result.hpp"
#include "verdict/cut.hpp"

namespace wsfault::report {

/// The text, in that colour if `colour`.
std::string painted(std::string_view text, Paint paint, bool colour);
/// The colour of an outcome.
Paint paint_of(verdict::Outcome outcome);

/// Fills in the explanation of a result that needs a look, from its findings and events, unless it already
/// exists.
void explain(CaseResult& result);
/// The block below a case's first line, indented by two, without an empty first or last line.
std::string print_explanation(const std::vector<ExplainedLine>& lines, bool colour);
/// Reads back a printed block.
std::vector<ExplainedLine> read_explanation(std::string_view block);

/// Failed, inconclusive or an error: a block explains it.
bool needs_a_look(const CaseResult& result);

/// One line: what was seen, what was expected, the remedy.
std::string explain_in_one_line(const verdict::Finding& finding);

/// The findings that decided the outcome or were not decided. Empty for an error with a reason: a case that
/// could not be run was not judged.
std::vector<verdict::Finding> decisive_findings(const CaseResult& result);

/// "its log grew too large, and leaves out pings and pongs from 2.1s on".
std::string cut_in_words(const verdict::Cuts& cuts);

/// "8.3s", "1m 12s", "0.31s".
std::string seconds_text(std::chrono::nanoseconds time);

}  // namespace wsfault::report
