// Running the matrix, and what is wrong with it.
#include "runner/prove.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>

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

struct Column {
  std::string defect;  // empty: none
  LoadedCases loaded;
};

void find_complaints(Proof& proof) {
  for (const ProofRow& row : proof.rows) {
    if (!passes(row.conforming)) {
      proof.complaints.push_back(
          fmt::format("{}: {} on the conforming reference", row.scenario, to_string(row.conforming)));
    }
    if (row.refutes.empty()) {
      proof.complaints.push_back(
          fmt::format("{}: names no defect that it refutes: can it fail?", row.scenario));
    }
    for (const std::string& defect : row.refutes) {
      const auto place = std::ranges::find(proof.defects, defect);
      if (place == proof.defects.end()) {
        proof.complaints.push_back(fmt::format("{}: there is no defect \"{}\"", row.scenario, defect));
        continue;
      }
      const Outcome outcome = row.outcomes[static_cast<std::size_t>(place - proof.defects.begin())];
      if (outcome == Outcome::failed) continue;
      proof.complaints.push_back(
          fmt::format("{}: must fail on \"{}\", and was {}", row.scenario, defect, to_string(outcome)));
    }
  }
  for (std::size_t i = 0; i < proof.defects.size(); ++i) {
    const auto refuted = std::ranges::count_if(proof.rows, [&](const ProofRow& row) {
      return std::ranges::find(row.refutes, proof.defects[i]) != row.refutes.end();
    });
    const auto passed = static_cast<std::size_t>(
        std::ranges::count_if(proof.rows, [&](const ProofRow& row) { return passes(row.outcomes[i]); }));
    if (refuted == 0) proof.complaints.push_back(fmt::format("no scenario refutes \"{}\"", proof.defects[i]));
    if (passed < least_passed && proof.rows.size() > least_passed) {
      proof.complaints.push_back(
          fmt::format("\"{}\" passes only {} scenarios: a wreck, not a defect", proof.defects[i], passed));
    }
  }
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

ProofRow& row_of(Proof& proof, const std::string& scenario, const std::vector<std::string>& refutes) {
  const auto found = std::ranges::find(proof.rows, scenario, &ProofRow::scenario);
  if (found != proof.rows.end()) return *found;
  return proof.rows.emplace_back(ProofRow{scenario, refutes, Outcome::skipped,
                                          std::vector<Outcome>(proof.defects.size(), Outcome::skipped)});
}

}  // namespace

Result<Proof> prove(const RunSetting& setting, const Selection& selection,
                    const std::vector<std::string>& only, std::uint64_t seed, const ScheduleOptions& options,
                    const ScheduleWatcher& watcher) {
  Proof proof;
  proof.defects = only.empty() ? reference_defects(model::Role::client) : only;
  std::deque<Column> columns;
  std::vector<CaseOrder> orders;
  std::vector<std::pair<std::size_t, const scenario::LoadedCase*>> cells;
  for (std::size_t i = 0; i <= proof.defects.size(); ++i) {
    const std::string defect = i == 0 ? "" : proof.defects[i - 1];
    const auto defects = defect.empty() ? std::vector<std::string>{} : std::vector<std::string>{defect};
    auto loaded = load_cases(selection, reference_client(setting.program, defects));
    if (!loaded) return Error{loaded.error()};
    if (!loaded->errors.empty()) return Error{loaded->errors};
    columns.push_back({defect, std::move(*loaded)});
    for (const scenario::LoadedCase& one : columns.back().loaded.cases) {
      const std::string id = defect.empty() ? one.scenario.id : one.scenario.id + "#" + defect;
      orders.push_back({&one, id, seed,
                        fmt::format("{} prove {} --defect {} --seed {}", setting.program, one.scenario.file,
                                    defect.empty() ? "NAME" : defect, seed)});
      cells.emplace_back(i, &one);
    }
  }
  proof.runs = run_cases(setting, orders, options, watcher);
  for (std::size_t i = 0; i < proof.runs.cases.size() && !proof.runs.interrupted; ++i) {
    const auto& [column, loaded] = cells[i];
    const std::string scenario = loaded->scenario.id.substr(0, loaded->scenario.id.find('['));
    ProofRow& row = row_of(proof, scenario, loaded->scenario.refutes);
    Outcome& outcome = column == 0 ? row.conforming : row.outcomes[column - 1];
    outcome = combined(outcome, proof.runs.cases[i].outcome);
  }
  if (only.empty()) find_complaints(proof);
  return proof;
}

std::string print_proof(const Proof& proof) {
  std::string text =
      "# Proof that scenarios can fail\n\n"
      "Printed by `wsfault prove --markdown docs/proof.md`; CI compares. Every scenario passes on the "
      "conforming reference\n"
      "client and fails on each defect named here. Each defect passes at least ten scenarios: it is a "
      "defect, not a wreck.\n\n"
      "| scenario | fails on |\n| --- | --- |\n";
  for (const ProofRow& row : proof.rows) {
    text += fmt::format("| {} | {} |\n", row.scenario, fmt::join(row.refutes, ", "));
  }
  text += "\n| defect of the reference client | what it does | refuted by |\n| --- | --- | --- |\n";
  for (const std::string& defect : proof.defects) {
    std::vector<std::string> by;
    for (const ProofRow& row : proof.rows) {
      if (std::ranges::find(row.refutes, defect) != row.refutes.end()) by.push_back(row.scenario);
    }
    std::string_view sentence;
    for (const reference::DefectInfo& info : reference::defects()) {
      if (info.name == defect) sentence = info.sentence;
    }
    text += fmt::format("| {} | {} | {} |\n", defect, sentence, fmt::join(by, ", "));
  }
  return text;
}

std::string print_matrix(const Proof& proof) {
  std::size_t width = 8;
  for (const ProofRow& row : proof.rows) width = std::max(width, row.scenario.size());
  std::string text;
  for (std::size_t i = 0; i < proof.defects.size(); ++i) {
    text += fmt::format("{:{}} {}+- {}\n", "", width, std::string(2 * i + 2, ' '), proof.defects[i]);
  }
  for (const ProofRow& row : proof.rows) {
    text += fmt::format("{:{}} {}", row.scenario, width, letter(row.conforming));
    for (std::size_t i = 0; i < proof.defects.size(); ++i) {
      const bool named = std::ranges::find(row.refutes, proof.defects[i]) != row.refutes.end();
      text += (named ? "*" : " ") + letter(row.outcomes[i]);
    }
    text += "\n";
  }
  text +=
      "first column: the conforming reference; F failed, . passed, w warned, I inconclusive, E error, s "
      "skipped; "
      "* must fail\n";
  return text;
}

}  // namespace wsfault::runner
