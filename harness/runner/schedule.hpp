// Runs many cases at once on one thread: they mostly wait.
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
  bool fail_fast = false;  ///< after the first failure no further case starts
  /// A case that would not be done in this time is skipped; one that has begun is finished.
  std::optional<Duration> budget = {};
  /// Where no case meets its system the rest is skipped, and RunSummary::stopped says why.
  bool gives_up = true;
  /// The orders, so often; each is made as its turn comes: there may be very many.
  int rounds = 1;
  std::function<CaseOrder(const CaseOrder&, int round)> repeated =
      {};  ///< that of a round, from 1; of several
};

struct ScheduleWatcher {
  /// As each ends. What it takes away of the result is not kept.
  std::function<void(report::CaseResult&)> finished;
  std::function<void(const report::Progress&)> progress;  ///< a few times a second
  std::function<void(const std::string&)> note;  ///< one sentence about the run, before anything starts
  std::function<void(Duration)> late;  ///< by how much a timer of the run was late, some 50 times a second
};

/// Results round by round in the order of the orders; `interrupted` is set where SIGINT, SIGTERM or SIGHUP
/// ended it (net::expect_interruption()): a case that has not ended soon after has no result. An exception of
/// a case is an error of that case.
report::RunSummary run_cases(const RunSetting& setting, const std::vector<CaseOrder>& orders,
                             const ScheduleOptions& options, const ScheduleWatcher& watcher);

}  // namespace wsfault::runner
