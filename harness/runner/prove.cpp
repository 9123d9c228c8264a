// Runs the matrix of a proof, and reports what is wrong with it.
#include "runner/prove.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include "reference/defect.hpp"
#include "runner/known.hpp"
#include "runner/reference_system.hpp"
#include "runner/repeat_command.hpp"
#include "runner/version_probe.hpp"
#include "scenario/requirements.hpp"
#include "value/words.hpp"

namespace wsfault::runner {
namespace {

using verdict::Outcome;

/// A defect that fails too many scenarios breaks everything, and proves nothing.
constexpr std::size_t least_passed = 10;

/// If one case failed, the scenario failed; else the worst outcome.
Outcome combined(Outcome one, Outcome other) {
  if (one == Outcome::failed || other == Outcome::failed) return Outcome::failed;
  return std::min(one, other);
}

bool passes(Outcome outcome) { return outcome == Outcome::passed || outcome == Outcome::warned; }

/// Cases of one system, with one defect or none.
struct Batch {
  std::optional<std::size_t> column;  // none: without a defect
  model::System system;
  LoadedCases loaded;
};

bool names(const std::vector<std::string>& refutes, const std::string& defect) {
  return std::ranges::find(refutes, defect) != refutes.end();
}

/// The named defects must fail, in every kind that can have the defect, unless that kind skips the scenario.
void complain_of_refutes(const ProofRow& row, Proof& proof) {
  if (row.refutes.empty()) {
    proof.complaints.push_back(
        fmt::format("{}: names no defect that it refutes: can it fail?", row.scenario));
  }
  for (const std::string& defect : row.refutes) {
    bool refuted = false;
    bool known = false;
    for (std::size_t i = 0; i < proof.columns.size(); ++i) {
      if (proof.columns[i].defect != defect || !concerns(proof.columns[i], row)) continue;
      known = true;
      if (row.outcomes[i] == Outcome::failed) refuted = true;
      if (row.outcomes[i] == Outcome::failed || row.outcomes[i] == Outcome::skipped) continue;
      proof.complaints.push_back(fmt::format("{}: must fail on \"{}\", and was {}", row.scenario,
                                             to_string(proof.columns[i]),
                                             verdict::to_string(row.outcomes[i])));
    }
    if (!known)
      proof.complaints.push_back(fmt::format("{}: there is no defect \"{}\"", row.scenario, defect));
    if (known && !refuted) {
      proof.complaints.push_back(fmt::format("{}: was run on no system with \"{}\"", row.scenario, defect));
    }
  }
}

/// A defect that is there to be found by a sweep alone.
void complain_of_found(const ProofColumn& column, std::size_t index, Proof& proof) {
  std::vector<std::string> by;
  for (const ProofRow& row : proof.rows) {
    if (concerns(column, row) && row.outcomes[index] == Outcome::failed) by.push_back(row.scenario);
  }
  if (by.empty()) return;
  proof.complaints.push_back(fmt::format("\"{}\" is for sweeps, and these scenarios find it without one: {}",
                                         to_string(column), fmt::join(by, ", ")));
}

void complain_of_columns(Proof& proof, bool named) {
  for (std::size_t i = 0; i < proof.columns.size(); ++i) {
    const ProofColumn& column = proof.columns[i];
    const auto refuted = std::ranges::count_if(proof.rows, [&](const ProofRow& row) {
      return concerns(column, row) && names(row.refutes, column.defect) && row.outcomes[i] == Outcome::failed;
    });
    const auto passed = static_cast<std::size_t>(std::ranges::count_if(
        proof.rows, [&](const ProofRow& row) { return concerns(column, row) && passes(row.outcomes[i]); }));
    const auto all = static_cast<std::size_t>(
        std::ranges::count_if(proof.rows, [&](const ProofRow& row) { return concerns(column, row); }));
    if (column.only_swept) {
      complain_of_found(column, i, proof);
    } else if (refuted == 0 && all > 0) {
      proof.complaints.push_back(fmt::format("no scenario refutes \"{}\"", to_string(column)));
    }
    if (!named && passed < least_passed && all > least_passed) {
      proof.complaints.push_back(fmt::format("\"{}\" passes only {}: a wreck, not a defect",
                                             to_string(column), counted(passed, "scenario")));
    }
  }
}

void find_complaints(Proof& proof, const Contest& contest) {
  for (const ProofRow& row : proof.rows) {
    if (!passes(row.conforming)) {
      proof.complaints.push_back(
          fmt::format("{}: {} on the conforming system", row.scenario, verdict::to_string(row.conforming)));
    }
    complain_of_refutes(row, proof);
  }
  if (contest.whole) complain_of_columns(proof, contest.named);
}

std::string protocol_of(const model::System& system) {
  const Value* protocol = system.traits.find("protocol");
  return protocol && protocol->text() && !system.traits.is_none("protocol") ? *protocol->text()
                                                                            : std::string();
}

/// "1006/server-crash" of any of its cases, of any kind of gateway.
std::string scenario_of(const model::Scenario& scenario) {
  return scenario.id.substr(0, scenario.id.find_first_of("[@"));
}

ProofRow& row_of(Proof& proof, const model::Scenario& scenario, const model::System& system) {
  const std::string id = scenario_of(scenario);
  const auto found = std::ranges::find(proof.rows, id, &ProofRow::scenario);
  if (found != proof.rows.end()) return *found;
  return proof.rows.emplace_back(ProofRow{id, scenario.role, protocol_of(system), scenario.refutes,
                                          Outcome::skipped,
                                          std::vector<Outcome>(proof.columns.size(), Outcome::skipped)});
}

model::System made_wrong(const model::System& system, const std::string& defect) {
  model::System defective = system;
  defective.traits.values.insert_or_assign("defect", Value(defect));
  defective.name += ", " + defect;
  return defective;
}

using Contestant = std::pair<model::System, std::optional<std::size_t>>;

/// Those of the role that was asked for.
std::vector<model::System> systems_of(const std::string& program, const Selection& selection,
                                      const Contest& contest) {
  auto systems = contest.systems.empty() ? reference_systems(program) : contest.systems;
  if (selection.role)
    std::erase_if(systems, [&](const model::System& system) { return system.role != *selection.role; });
  return systems;
}

/// Names, each with its sentence.
std::vector<std::pair<std::string, std::string>> defects_of(const Contest& contest,
                                                            const model::System& system) {
  return contest.systems.empty() ? reference_defects(system) : system.defects;
}

/// The systems, each without a defect and then with each one; columns are added in that order.
std::vector<Contestant> contestants(const std::string& program, const Selection& selection,
                                    const Contest& contest, Proof& proof) {
  std::vector<Contestant> all;
  const bool embedded = contest.systems.empty();
  for (const model::System& system : systems_of(program, selection, contest)) {
    all.emplace_back(system, std::nullopt);
    for (const auto& [defect, sentence] : defects_of(contest, system)) {
      if (!contest.only.empty() && std::ranges::find(contest.only, defect) == contest.only.end()) continue;
      all.emplace_back(embedded ? with_defect(system, defect) : made_wrong(system, defect),
                       proof.columns.size());
      const auto* info =
          embedded ? reference::find_defect_info(reference_seat(system.role), defect) : nullptr;
      proof.columns.push_back({system.role, system.kind, protocol_of(system), defect, sentence,
                               info != nullptr && info->only_swept});
    }
  }
  return all;
}

/// One sentence if one of `contest.only` is a defect of none of the systems: it would prove nothing.
std::string unknown_defect(const std::string& program, const Selection& selection, const Contest& contest) {
  if (contest.only.empty()) return {};
  std::set<std::string> known;
  for (const model::System& system : systems_of(program, selection, contest)) {
    for (const auto& [defect, sentence] : defects_of(contest, system)) known.insert(defect);
  }
  for (const std::string& asked : contest.only) {
    if (!known.contains(asked)) {
      return fmt::format("none of the systems has the defect \"{}\"; {}", asked,
                         suggest(asked, {known.begin(), known.end()}));
    }
  }
  return {};
}

/// The options of `wsfault run` for a cell of the matrix.
AskedOptions asked_for(const RunSetting& setting, const Selection& selection, const model::System& system,
                       const std::string& defect) {
  AskedOptions options{{"--system", system.file.empty() ? reference_name(system) : system.file}};
  if (!defect.empty()) options.emplace_back("--set", "defect=" + defect);
  for (const auto& [name, value] : selection.set) options.emplace_back("--set", name + "=" + value);
  if (selection.tls) options.emplace_back("--tls", "");
  if (setting.timeout_scale != 1)
    options.emplace_back("--timeout-scale", fmt::format("{}", setting.timeout_scale));
  return options;
}

/// Scenarios whose protocol no system of the contest speaks are left out.
std::size_t count_left_out(const std::deque<Batch>& batches) {
  std::set<std::string> in;
  std::set<std::string> all;
  for (const Batch& batch : batches) {
    for (const scenario::LoadedCase& one : batch.loaded.cases) {
      all.insert(scenario_of(one.scenario));
      if (scenario::is_of_its_protocol(one.scenario, batch.system)) in.insert(scenario_of(one.scenario));
    }
  }
  return all.size() - in.size();
}

std::string not_installed(const RunSetting& setting, const Contest& contest) {
  for (const model::System& system : contest.systems) {
    if (const auto version = probe_version(*setting.warden, system); !version) return version.error();
  }
  return {};
}

/// Applies the known findings of a system to the results of its cases.
void pass_over_known(const model::System& system, bool tls, const std::vector<report::CaseResult*>& results) {
  std::vector<model::KnownFinding> known = system.known;
  if (!tls) std::erase_if(known, &model::KnownFinding::tls);
  std::vector<report::CaseResult> own;
  for (const report::CaseResult* result : results) own.push_back(*result);
  apply_known(known, own);
  for (std::size_t i = 0; i < own.size(); ++i) *results[i] = std::move(own[i]);
}

}  // namespace

bool concerns(const ProofColumn& column, const ProofRow& row) {
  return row.role == column.role && row.protocol == column.protocol;
}

std::string to_string(const ProofColumn& column) {
  if (column.kind == model::Kind::none) return column.defect;
  return fmt::format("{} ({})", column.defect, model::to_string(column.kind));
}

Result<Proof> prove(const RunSetting& setting, const Selection& selection, const Contest& contest,
                    std::uint64_t seed, const ScheduleOptions& options, const ScheduleWatcher& watcher) {
  Proof proof;
  proof.of_references = contest.systems.empty();
  if (const std::string missing = not_installed(setting, contest); !missing.empty()) return Error{missing};
  if (const std::string unknown = unknown_defect(setting.program, selection, contest); !unknown.empty())
    return Error{unknown};
  std::deque<Batch> batches;
  std::string unmatched;  // if it is there for no system
  std::vector<CaseOrder> orders;
  std::vector<std::pair<const Batch*, const scenario::LoadedCase*>> cells;
  for (auto& [system, column] : contestants(setting.program, selection, contest, proof)) {
    auto loaded = load_cases(selection, {system});
    if (!loaded) return Error{loaded.error()};
    if (!loaded->errors.empty()) return Error{loaded->errors};
    if (batches.empty()) proof.warnings = loaded->warnings;
    // A name unknown to one system's files may be known to another's.
    std::erase_if(proof.warnings, [&](const std::string& sentence) {
      return std::ranges::find(loaded->warnings, sentence) == loaded->warnings.end();
    });
    unmatched = batches.empty() || loaded->unmatched.empty() ? loaded->unmatched : unmatched;
    const Batch& batch = batches.emplace_back(Batch{column, std::move(system), std::move(*loaded)});
    const std::string defect = column ? proof.columns[*column].defect : "";
    for (const scenario::LoadedCase& one : batch.loaded.cases) {
      if (!scenario::is_of_its_protocol(one.scenario, batch.system)) continue;
      if (contest.named && column && !names(one.scenario.refutes, defect)) continue;
      if (column && is_known(batch.system.known, one.scenario.id)) continue;
      const std::string kind = batch.system.kind == model::Kind::none
                                   ? std::string()
                                   : fmt::format("@{}", model::to_string(batch.system.kind));
      const std::string id = one.scenario.id + kind + (defect.empty() ? "" : "#" + defect);
      const AskedOptions asked = asked_for(setting, selection, batch.system, defect);
      orders.push_back({&one, id, seed, repeat_command(setting.program, one, asked, seed)});
      cells.emplace_back(&batch, &one);
    }
  }
  if (!unmatched.empty()) return Error{unmatched};
  proof.left_out = count_left_out(batches);
  // Here one system that does not work is a result, and does not affect the others.
  ScheduleOptions to_their_ends = options;
  to_their_ends.gives_up = false;
  proof.runs = run_cases(setting, orders, to_their_ends, watcher);
  for (const Batch& batch : batches) {
    std::vector<report::CaseResult*> own;
    for (std::size_t i = 0; i < proof.runs.cases.size() && !batch.column; ++i) {
      if (cells[i].first == &batch) own.push_back(&proof.runs.cases[i]);
    }
    pass_over_known(batch.system, selection.tls, own);
  }
  for (std::size_t i = 0; i < proof.runs.cases.size() && !proof.runs.interrupted; ++i) {
    const auto& [batch, loaded] = cells[i];
    ProofRow& row = row_of(proof, loaded->scenario, batch->system);
    Outcome& outcome = batch->column ? row.outcomes[*batch->column] : row.conforming;
    outcome = combined(outcome, proof.runs.cases[i].outcome);
  }
  if (contest.only.empty()) find_complaints(proof, contest);
  return proof;
}

}  // namespace wsfault::runner
