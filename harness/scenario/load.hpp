// Scenario and system files: TOML into cases, every error with its place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/scenario.hpp"
#include "value/diagnostic.hpp"
#include "verdict/case.hpp"

namespace wsfault::scenario {

/// A case that is ready to run, or why it is skipped.
struct LoadedCase {
  model::Scenario scenario;
  verdict::Case judged;         ///< what the judge needs; its system has wishes and --set applied
  std::string skip;             ///< not empty: skipped, with this reason
  Value resolved;               ///< the scenario as a tree, all variables replaced; read_resolved() reads it back
};

/// What a scenario is resolved against.
struct Setting {
  model::System system;                                 ///< of the seat
  std::map<std::string, std::string> set;               ///< --set NAME=VALUE: values of [each] and traits
};

/// All cases of one file: [each] expanded, variables replaced, traits and wishes applied, checked. Errors are collected
/// in `diagnostics` (whose file and text are this file's); then the result is empty.
std::vector<LoadedCase> load_scenario(const std::string& id, const Setting& setting, std::string_view text,
                                      Diagnostics& diagnostics);

/// The case that a log's first record holds (scenario, system, traits).
Result<LoadedCase> read_resolved(const Value& resolved);

/// A system file.
std::optional<model::System> load_system(std::string_view text, const std::string& folder, Diagnostics& diagnostics);

/// An [upstream] table (also what an upstream process is handed).
std::optional<model::Upstream> read_upstream(const Value& table, Diagnostics& diagnostics);

/// role of a scenario file without reading the rest: for selection. None if it cannot be told.
std::optional<model::Role> peek_role(std::string_view text);

}  // namespace wsfault::scenario
