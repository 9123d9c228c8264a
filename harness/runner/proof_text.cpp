// A proof as text: docs/proof.md, and the matrix for a terminal.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "runner/prove.hpp"

namespace wsfault::runner {
namespace {

using verdict::Outcome;

bool is_named(const ProofRow& row, const std::string& defect) {
  return std::ranges::find(row.refutes, defect) != row.refutes.end();
}

constexpr std::string_view proof_of_references =
    "# Proof that scenarios can fail\n\n"
    "This is mutation testing: each defect makes a mutant of a reference system, and a scenario that fails "
    "on "
    "a mutant kills it.\n"
    "Printed by `wsfault prove --markdown docs/proof.md`; CI compares. Every scenario passes on the "
    "conforming "
    "reference\n"
    "system of its role, and kills each mutant named here, in each kind of gateway that can have the defect. "
    "Each mutant\n"
    "passes at least ten scenarios: it is defective, not wrecked.\n\n";

constexpr std::string_view proof_of_systems =
    "# Proof that scenarios of a protocol can fail\n\n"
    "Printed by `wsfault prove` with `--system` and `--markdown` ([protocols.md](protocols.md)); CI "
    "compares. "
    "Every scenario\n"
    "passes on the real system of its role and protocol, except for its known findings, and fails on the "
    "same "
    "system with each\n"
    "defect named here.\n\n";

std::string letter(Outcome outcome) {
  switch (outcome) {
    case Outcome::error:
      return "E";
    case Outcome::failed:
      return "F";
    case Outcome::inconclusive:
      return "I";
    case Outcome::interrupted:
      return "-";
    case Outcome::warned:
      return "w";
    case Outcome::passed:
      return ".";
    case Outcome::skipped:
      return "s";
  }
  return "?";
}

}  // namespace

std::string print_proof(const Proof& proof) {
  std::string text(proof.of_references ? proof_of_references : proof_of_systems);
  text += "| scenario | role | fails on |\n| --- | --- | --- |\n";
  for (const ProofRow& row : proof.rows) {
    text += fmt::format("| {} | {} | {} |\n", row.scenario, model::to_string(row.role),
                        fmt::join(row.refutes, ", "));
  }
  text += "\n| role | defect | what it does | refuted by |\n| --- | --- | --- | --- |\n";
  for (const ProofColumn& column : proof.columns) {
    std::vector<std::string> by;
    for (const ProofRow& row : proof.rows) {
      if (concerns(column, row) && is_named(row, column.defect)) by.push_back(row.scenario);
    }
    text += fmt::format(
        "| {} | {} | {} | {} |\n", model::to_string(column.role), to_string(column), column.sentence,
        column.only_swept ? "no scenario, only [sweeps](sweep.md)" : fmt::format("{}", fmt::join(by, ", ")));
  }
  return text;
}

namespace {

/// The rows of one role and protocol, those of `first`, and their columns.
std::string print_group(const Proof& proof, const ProofRow& first, std::size_t width) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < proof.columns.size(); ++i) {
    if (concerns(proof.columns[i], first)) columns.push_back(i);
  }
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += fmt::format("{:{}} {}+- {}\n", "", width, std::string(2 * i + 2, ' '),
                        to_string(proof.columns[columns[i]]));
  }
  for (const ProofRow& row : proof.rows) {
    if (row.role != first.role || row.protocol != first.protocol) continue;
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
    std::set<std::string> printed;
    for (const ProofRow& row : proof.rows) {
      if (row.role == role && printed.insert(row.protocol).second) text += print_group(proof, row, width);
    }
  }
  text +=
      "first column: the conforming system; F failed, . passed, w warned, I inconclusive, E error, s "
      "skipped; "
      "* must fail\n";
  return text;
}

}  // namespace wsfault::runner
