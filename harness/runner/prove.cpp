// Running the matrix, and what is wrong with it.
#include "runner/prove.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "reference/defect.hpp"
#include "runner/reference_system.hpp"

namespace wsfault::runner {
namespace {

using verdict::Outcome;

/// A defect that fails too many scenarios is a wreck, and proves nothing.
constexpr std::size_t least_passed = 10;

/// Where one case failed the scenario failed; else the worst of them.
Outcome combined(Outcome one, Outcome other) {
  if (one == Outcome::failed || other == Outcome::failed) return Outcome::failed;
  return std::min(one, other);
}

bool passes(Outcome outcome) { return outcome == Outcome::passed || outcome == Outcome::warned; }

/// Cases of one reference system, with a defect or none.
struct Batch {
  std::optional<std::size_t> column;  // none: without a defect
  LoadedCases loaded;
};

bool names(const std::vector<std::string>& refutes, const std::string& defect) {
  return std::ranges::find(refutes, defect) != refutes.end();
}
bool is_named(const ProofRow& row, const std::string& defect) { return names(row.refutes, defect); }

std::string to_string(const ProofColumn& column) {
  if (column.kind == model::Kind::none) return column.defect;
  return fmt::format("{} ({})", column.defect, model::to_string(column.kind));
}

/// What it names must fail, in every kind that can have the defect, unless that kind skips the scenario.
void complain_of_refutes(const ProofRow& row, Proof& proof) {
  if (row.refutes.empty()) {
    proof.complaints.push_back(
        fmt::format("{}: names no defect that it refutes: can it fail?", row.scenario));
  }
  for (const std::string& defect : row.refutes) {
    bool refuted = false;
    bool known = false;
    for (std::size_t i = 0; i < proof.columns.size(); ++i) {
      if (proof.columns[i].defect != defect || proof.columns[i].role != row.role) continue;
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

void complain_of_columns(Proof& proof, bool named) {
  for (std::size_t i = 0; i < proof.columns.size(); ++i) {
    const ProofColumn& column = proof.columns[i];
    const auto concerns = [&](const ProofRow& row) { return row.role == column.role; };
    const auto refuted = std::ranges::count_if(proof.rows, [&](const ProofRow& row) {
      return concerns(row) && is_named(row, column.defect) && row.outcomes[i] == Outcome::failed;
    });
    const auto passed = static_cast<std::size_t>(std::ranges::count_if(
        proof.rows, [&](const ProofRow& row) { return concerns(row) && passes(row.outcomes[i]); }));
    const auto all = static_cast<std::size_t>(std::ranges::count_if(proof.rows, concerns));
    if (refuted == 0 && all > 0)
      proof.complaints.push_back(fmt::format("no scenario refutes \"{}\"", to_string(column)));
    if (!named && passed < least_passed && all > least_passed) {
      proof.complaints.push_back(
          fmt::format("\"{}\" passes only {} scenarios: a wreck, not a defect", to_string(column), passed));
    }
  }
}

void find_complaints(Proof& proof, bool named) {
  for (const ProofRow& row : proof.rows) {
    if (!passes(row.conforming)) {
      proof.complaints.push_back(fmt::format("{}: {} on the conforming reference", row.scenario,
                                             verdict::to_string(row.conforming)));
    }
    complain_of_refutes(row, proof);
  }
  complain_of_columns(proof, named);
}

std::string letter(Outcome outcome) {
  switch (outcome) {
    case Outcome::error:
      return "E";
    case Outcome::failed:
      return "F";
    case Outcome::inconclusive:
      return "I";
    case Outcome::warned:
      return "w";
    case Outcome::passed:
      return ".";
    case Outcome::skipped:
      return "s";
  }
  return "?";
}

ProofRow& row_of(Proof& proof, const model::Scenario& scenario) {
  const std::string id = scenario.id.substr(0, scenario.id.find_first_of("[@"));
  const auto found = std::ranges::find(proof.rows, id, &ProofRow::scenario);
  if (found != proof.rows.end()) return *found;
  return proof.rows.emplace_back(ProofRow{id, scenario.role, scenario.refutes, Outcome::skipped,
                                          std::vector<Outcome>(proof.columns.size(), Outcome::skipped)});
}

/// The reference systems, each without a defect and then with each; columns are added as they come.
std::vector<std::pair<model::System, std::optional<std::size_t>>> contestants(
    const std::string& program, const Selection& selection, const std::vector<std::string>& only,
    Proof& proof) {
  std::vector<std::pair<model::System, std::optional<std::size_t>>> all;
  for (const model::System& system : reference_systems(program)) {
    if (selection.role && *selection.role != system.role) continue;
    all.emplace_back(system, std::nullopt);
    for (const std::string& defect : reference_defects(system)) {
      if (!only.empty() && std::ranges::find(only, defect) == only.end()) continue;
      all.emplace_back(with_defect(system, defect), proof.columns.size());
      proof.columns.push_back({system.role, system.kind, defect});
    }
  }
  return all;
}

}  // namespace

Result<Proof> prove(const RunSetting& setting, const Selection& selection, const Contest& contest,
                    std::uint64_t seed, const ScheduleOptions& options, const ScheduleWatcher& watcher) {
  Proof proof;
  std::deque<Batch> batches;
  std::vector<CaseOrder> orders;
  std::vector<std::pair<const Batch*, const scenario::LoadedCase*>> cells;
  for (const auto& [system, column] : contestants(setting.program, selection, contest.only, proof)) {
    auto loaded = load_cases(selection, {system});
    if (!loaded) return Error{loaded.error()};
    if (!loaded->errors.empty()) return Error{loaded->errors};
    const Batch& batch = batches.emplace_back(Batch{column, std::move(*loaded)});
    const std::string defect = column ? proof.columns[*column].defect : "";
    for (const scenario::LoadedCase& one : batch.loaded.cases) {
      if (contest.named && column && !names(one.scenario.refutes, defect)) continue;
      const std::string kind = system.kind == model::Kind::none
                                   ? std::string()
                                   : fmt::format("@{}", model::to_string(system.kind));
      const std::string id = one.scenario.id + kind + (defect.empty() ? "" : "#" + defect);
      orders.push_back({&one, id, seed,
                        fmt::format("{} prove {} --defect {} --seed {}", setting.program, one.scenario.file,
                                    defect.empty() ? "NAME" : defect, seed)});
      cells.emplace_back(&batch, &one);
    }
  }
  proof.runs = run_cases(setting, orders, options, watcher);
  for (std::size_t i = 0; i < proof.runs.cases.size() && !proof.runs.interrupted; ++i) {
    const auto& [batch, loaded] = cells[i];
    ProofRow& row = row_of(proof, loaded->scenario);
    Outcome& outcome = batch->column ? row.outcomes[*batch->column] : row.conforming;
    outcome = combined(outcome, proof.runs.cases[i].outcome);
  }
  if (contest.only.empty()) find_complaints(proof, contest.named);
  return proof;
}

std::string print_proof(const Proof& proof) {
  std::string text =
      "# Proof that scenarios can fail\n\n"
      "Printed by `wsfault prove --markdown docs/proof.md`; CI compares. Every scenario passes on the "
      "conforming reference\n"
      "system of its role and fails on each defect named here, in each kind of gateway that can have it. "
      "Each "
      "defect passes\n"
      "at least ten scenarios: it is a defect, not a wreck.\n\n"
      "| scenario | role | fails on |\n| --- | --- | --- |\n";
  for (const ProofRow& row : proof.rows) {
    text += fmt::format("| {} | {} | {} |\n", row.scenario, model::to_string(row.role),
                        fmt::join(row.refutes, ", "));
  }
  text += "\n| role | defect | what it does | refuted by |\n| --- | --- | --- | --- |\n";
  for (const ProofColumn& column : proof.columns) {
    std::vector<std::string> by;
    for (const ProofRow& row : proof.rows) {
      if (row.role == column.role && is_named(row, column.defect)) by.push_back(row.scenario);
    }
    const auto* info = reference::find_defect_info(reference_seat(column.role), column.defect);
    const std::string_view sentence = info ? info->sentence : std::string_view();
    text += fmt::format("| {} | {} | {} | {} |\n", model::to_string(column.role), to_string(column), sentence,
                        fmt::join(by, ", "));
  }
  return text;
}

namespace {

std::string print_role(const Proof& proof, model::Role role, std::size_t width) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < proof.columns.size(); ++i) {
    if (proof.columns[i].role == role) columns.push_back(i);
  }
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += fmt::format("{:{}} {}+- {}\n", "", width, std::string(2 * i + 2, ' '),
                        to_string(proof.columns[columns[i]]));
  }
  for (const ProofRow& row : proof.rows) {
    if (row.role != role) continue;
    text += fmt::format("{:{}} {}", row.scenario, width, letter(row.conforming));
    for (const std::size_t column : columns) {
      text += (is_named(row, proof.columns[column].defect) ? "*" : " ") + letter(row.outcomes[column]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string print_matrix(const Proof& proof) {
  std::size_t width = 8;
  for (const ProofRow& row : proof.rows) width = std::max(width, row.scenario.size());
  std::string text;
  for (const model::Role role : {model::Role::client, model::Role::gateway, model::Role::server}) {
    if (std::ranges::find(proof.rows, role, &ProofRow::role) != proof.rows.end())
      text += print_role(proof, role, width);
  }
  text +=
      "first column: the conforming reference; F failed, . passed, w warned, I inconclusive, E error, s "
      "skipped; "
      "* must fail\n";
  return text;
}

}  // namespace wsfault::runner
