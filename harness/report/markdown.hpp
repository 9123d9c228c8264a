// A run as Markdown: for the summary page of a job, a comment, a wiki.
#pragma once

#include <cstddef>
#include <string>

#include "report/case_result.hpp"

namespace wsfault::report {

/// GitHub takes 1 MiB of summary for a step: behind so many bytes, cases are listed without their blocks.
inline constexpr std::size_t most_markdown_blocks = 512 * 1024;

/// Counts, a table of what needs a look, each with its block folded behind it, and why cases were skipped.
/// GitHub's dialect (tables, <details>); what came from a system is shown as text, never as markup.
std::string print_markdown(const RunSummary& summary);

}  // namespace wsfault::report
