// The proof that scenarios can fail: every scenario against every defect of a system of its role.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/schedule.hpp"
#include "runner/selection.hpp"

namespace wsfault::runner {

/// A system with one defect.
struct ProofColumn {
  model::Role role = model::Role::client;
  model::Kind kind = model::Kind::none;
  std::string protocol;  ///< the system's trait; empty: none
  std::string defect;
  std::string sentence;     ///< what it does wrong
  bool only_swept = false;  ///< no scenario is to find it: `wsfault sweep` does
};

struct ProofRow {
  std::string scenario;
  model::Role role = model::Role::client;
  std::string protocol;
  std::vector<std::string> refutes;
  /// On the system without a defect, ignoring its known findings; for gateways the worst of its kinds.
  verdict::Outcome conforming = verdict::Outcome::skipped;
  std::vector<verdict::Outcome> outcomes;  ///< one per column; skipped if the column does not concern it
};

/// The row's role and protocol are those of the column.
bool concerns(const ProofColumn& column, const ProofRow& row);
/// "no-pong", or "no-pong (http)" of a kind of gateway.
std::string to_string(const ProofColumn& column);

/// The defects against which the scenarios are run.
struct Contest {
  /// With the [defects] of their files; empty: the embedded reference systems with their own.
  std::vector<model::System> systems;
  std::vector<std::string> only;  ///< only these; empty: all
  /// Each scenario only against the defects that it names; then broken defects cannot be detected.
  bool named = false;
  /// The scenarios are all that exist for these systems: a defect that none of them refutes is a complaint.
  bool whole = true;
};

struct Proof {
  bool of_references = true;
  std::vector<ProofColumn> columns;
  std::vector<ProofRow> rows;
  std::vector<std::string> complaints;  ///< empty: complete
  std::vector<std::string> warnings;    ///< one sentence each: a --set that names nothing
  std::size_t left_out = 0;             ///< scenarios whose protocol no system of the contest speaks
  report::RunSummary runs;              ///< every case that was run
};

/// Each scenario on the conforming systems of its role and protocol and on each of their defects (`only`: on
/// these). A scenario has failed if one of its cases failed; else it has the worst outcome. Cases that are
/// known to deviate prove nothing about a defect, and are not run against one. The error is one sentence.
Result<Proof> prove(const RunSetting& setting, const Selection& selection, const Contest& contest,
                    std::uint64_t seed, const ScheduleOptions& options, const ScheduleWatcher& watcher);

/// docs/proof.md: what each scenario refutes, and what else it caught. Cells with a race are left out.
std::string print_proof(const Proof& proof);
/// The whole matrix of this run, for a terminal.
std::string print_matrix(const Proof& proof);

}  // namespace wsfault::runner
