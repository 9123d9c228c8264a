// Runs many cases at once on one thread, because they mostly wait.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "report/console.hpp"
#include "runner/case_run.hpp"

namespace wsfault::runner {

struct ScheduleOptions {
  std::size_t jobs = 100;  ///< cases at once
  bool fail_fast = false;  ///< no further case starts after the first failure
  /// A case that would not end within this time is skipped; a started one is finished.
  std::optional<Duration> budget = {};
  /// If no case reaches its system, the rest is skipped, and RunSummary::stopped says why.
  bool gives_up = true;
  /// How often to run the orders. Each repetition is made when its turn comes, because there may be very
  /// many.
  int rounds = 1;
  std::function<CaseOrder(const CaseOrder&, int round)> repeated =
      {};  ///< the order for a round, from 1; if there are several
};

struct ScheduleWatcher {
  /// Called as each case ends. What it removes from the result is not kept.
  std::function<void(report::CaseResult&)> finished;
  std::function<void(const report::Progress&)> progress;  ///< a few times a second
  std::function<void(const std::string&)> note;  ///< one sentence about the run, before anything starts
  std::function<void(Duration)> late;  ///< by how much a timer of the run was late, some 50 times a second
};

/// Results round by round in the sequence of the orders. `interrupted` is set if SIGINT, SIGTERM or SIGHUP
/// ended the run (net::expect_interruption()): a case that does not end soon after that has no result. An
/// exception of a case is an error of that case.
report::RunSummary run_cases(const RunSetting& setting, const std::vector<CaseOrder>& orders,
                             const ScheduleOptions& options, const ScheduleWatcher& watcher);

}  // namespace wsfault::runner
