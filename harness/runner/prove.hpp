// The proof that scenarios can fail: every scenario against every defect of its role's reference system.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/schedule.hpp"
#include "runner/selection.hpp"

namespace wsfault::runner {

struct ProofRow {
  std::string scenario;
  std::vector<std::string> refutes;
  verdict::Outcome conforming = verdict::Outcome::passed;  ///< on the reference without a defect
  std::vector<verdict::Outcome> outcomes;                  ///< one for each defect
};

struct Proof {
  std::vector<std::string> defects;
  std::vector<ProofRow> rows;
  std::vector<std::string> complaints;  ///< empty: complete
  report::RunSummary runs;              ///< every case that was run
};

/// Each scenario on the conforming reference and on each defect (`only`: on these). A scenario's outcome is
/// failed where one of its cases failed, else the worst.
Result<Proof> prove(const RunSetting& setting, const Selection& selection,
                    const std::vector<std::string>& only, std::uint64_t seed, const ScheduleOptions& options,
                    const ScheduleWatcher& watcher);

/// docs/proof.md: what each scenario refutes, and what else it caught. Cells that race are not in it.
std::string print_proof(const Proof& proof);
/// The whole matrix of this run, for a terminal.
std::string print_matrix(const Proof& proof);

}  // namespace wsfault::runner
