// The proof that scenarios can fail: every scenario against every defect of its role's reference system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/schedule.hpp"
#include "runner/selection.hpp"

namespace wsfault::runner {

/// A reference system with one defect.
struct ProofColumn {
  model::Role role = model::Role::client;
  model::Kind kind = model::Kind::none;
  std::string defect;
};

struct ProofRow {
  std::string scenario;
  model::Role role = model::Role::client;
  std::vector<std::string> refutes;
  /// On the reference without a defect; of gateways the worst of its kinds.
  verdict::Outcome conforming = verdict::Outcome::skipped;
  std::vector<verdict::Outcome> outcomes;  ///< one for each column; skipped where it does not concern it
};

/// Which defects the scenarios are held against.
struct Contest {
  std::vector<std::string> only;  ///< these; empty: all
  /// Each scenario against those that it names alone; then it is not told whether a defect is a wreck.
  bool named = false;
};

struct Proof {
  std::vector<ProofColumn> columns;
  std::vector<ProofRow> rows;
  std::vector<std::string> complaints;  ///< empty: complete
  report::RunSummary runs;              ///< every case that was run
};

/// Each scenario on the conforming reference systems of its role and on each of their defects (`only`: on
/// these). A scenario's outcome is failed where one of its cases failed, else the worst.
Result<Proof> prove(const RunSetting& setting, const Selection& selection, const Contest& contest,
                    std::uint64_t seed, const ScheduleOptions& options, const ScheduleWatcher& watcher);

/// docs/proof.md: what each scenario refutes, and what else it caught. Cells that race are not in it.
std::string print_proof(const Proof& proof);
/// The whole matrix of this run, for a terminal.
std::string print_matrix(const Proof& proof);

}  // namespace wsfault::runner
