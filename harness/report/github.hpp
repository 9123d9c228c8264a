// Annotations for GitHub Actions: workflow commands that show a failure at its line of a changed file.
#pragma once

#include <string>

#include "report/case_result.hpp"

namespace wsfault::report {

/// Where the run was: GitHub identifies files by their paths below the checkout.
struct Checkout {
  std::string cwd;   ///< absolute: the base of the scenarios' relative paths
  std::string root;  ///< absolute: $GITHUB_WORKSPACE; empty: the paths stay as they are
};

/// One "::error …" line for each finding that decided a failed or inconclusive case, and for each error;
/// "::warning …" for each warning. `file` is the scenario, `line` that of the expectation, if it is in the
/// file.
/// docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
std::string print_github(const RunSummary& summary, const Checkout& checkout);

}  // namespace wsfault::report
