// A run as Markdown, for the summary page of a job, a comment or a wiki.
#pragma once

#include <cstddef>
#include <string>

#include "report/case_result.hpp"

namespace wsfault::report {

/// GitHub accepts 1 MiB of summary per step: after this many bytes, cases are listed without their blocks.
inline constexpr std::size_t most_markdown_blocks = 512 * 1024;

/// Counts, a table of the cases that need a look, each with its block folded after it, and why cases were
/// skipped. GitHub's dialect (tables, <details>); text from a system is never treated as markup.
std::string print_markdown(const RunSummary& summary);

}  // namespace wsfault::report
