// The output for people: the live line, a line or a block for each case, and the summary.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::report {

/// Chosen by the caller, which knows the terminal, NO_COLOR and -v.
struct Style {
  bool colour = false;
  bool verbose = false;  ///< passed cases, too
  bool brief = false;    ///< a line of at most 120 columns for each finding: outcome, case, cause
};

struct Progress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::size_t running = 0;
  std::string longest;  ///< the id of the case that has run longest; empty if none runs
  std::chrono::nanoseconds longest_for{0};
  std::size_t failed = 0;
  std::optional<std::chrono::nanoseconds> left = {};  ///< until all are done, about; none: it cannot be said
};

/// "12/104 done, 3 running, longest: 1006/x 4.2s, 1 failed, 21s left", never wider than `columns`, without a
/// newline.
std::string progress_line(const Progress& progress, std::size_t columns);

/// The text for one case that has ended, each line with its newline: a block if it failed, is inconclusive or
/// an error; one line for each warning; with `verbose` also one for a pass, a known finding or a skip; else
/// empty.
std::string print_case(const CaseResult& result, const Style& style);

/// "104 cases in 8.3s: 101 passed (2 with warnings), 1 failed, 1 skipped; seed 42", with its newline.
std::string counts_line(const RunSummary& summary, const Style& style);

struct SkipReason {
  std::string reason;
  std::size_t cases = 0;
};
/// Each reason once, in case order.
std::vector<SkipReason> skip_reasons(const RunSummary& summary);

/// The last lines: counts, wall time and seed, why cases were skipped, and what to do next.
std::string print_summary(const RunSummary& summary, const Style& style);

}  // namespace wsfault::report
