// The exit code of the process (docs/results.md, Exit codes).
#pragma once

#include <initializer_list>
#include <vector>

#include "report/case_result.hpp"
#include "verdict/finding.hpp"

namespace wsfault::report {

inline constexpr int exit_passed = 0;     ///< all passed, perhaps with warnings
inline constexpr int exit_failed = 1;     ///< one failed; with `strict` also if one has a warning
inline constexpr int exit_usage = 2;      ///< the command line or a file is wrong
inline constexpr int exit_undecided = 3;  ///< inconclusive, error, or nothing was run
inline constexpr int exit_interrupted = 130;

/// Of all cases of a run.
int exit_code(const std::vector<verdict::Outcome>& outcomes, bool strict);
int exit_code(const RunSummary& summary, bool strict);

/// If several apply: 130, 2, 1, 3, 0, in this order.
int most_urgent(std::initializer_list<int> exit_codes);

}  // namespace wsfault::report
