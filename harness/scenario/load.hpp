// Scenario and system files: TOML into cases, every error with its place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/scenario.hpp"
#include "value/diagnostic.hpp"
#include "verdict/case.hpp"

namespace wsfault::scenario {

/// A case that is ready to run, or why it is skipped.
struct LoadedCase {
  model::Scenario scenario;
  verdict::Case judged;  ///< what the judge needs; its system has wishes and --set applied
  std::string skip;      ///< not empty: skipped, with this reason
  Value resolved;        ///< { scenario, system }, all variables replaced; read_resolved() reads it back
  /// What the environment gave and no log or report may show: name, value. `resolved` says "<env:NAME>" for
  /// it.
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// What a scenario is resolved against.
struct Setting {
  model::System system;                    ///< of the seat
  std::map<std::string, std::string> set;  ///< --set NAME=VALUE: values of [each] and traits
  bool tls = false;                        ///< --tls: scenarios that do not say otherwise speak wss
  std::vector<std::pair<std::string, std::string>> defaults = {};  ///< keys that the file may leave out
  std::string suffix = {};  ///< of ids, where several systems take the seat: "@http"
};

/// All cases of one file: [each] expanded, variables replaced, traits and wishes applied, checked. Errors are
/// collected in `diagnostics` (whose file and text are this file's); then the result is empty.
std::vector<LoadedCase> load_scenario(const std::string& id, const Setting& setting, std::string_view text,
                                      Diagnostics& diagnostics);

/// How long the whole case may take: as stated, else the largest bound (expectations, and the oracle's limits
/// by the system's traits, 5 s where they are not declared) counted from the last fault (its delay, duration
/// and attributes, and the waits of the longest script) + 5 s, at least 10 s. Patience is not applied.
Duration effective_deadline(const LoadedCase& loaded);

/// About how long it takes where it passes: what its faults, scripts and expectations wait for. Nothing where
/// it is skipped. For balance and budgets, not for verdicts.
Duration expected_duration(const LoadedCase& loaded);

/// The case that a log's first record holds: `resolved` of a case, with the "id" and "patience" of its run
/// beside it.
Result<LoadedCase> read_resolved(const Value& resolved);

/// A system file.
std::optional<model::System> load_system(std::string_view text, const std::string& folder,
                                         Diagnostics& diagnostics);

/// An [upstream] table (also what an upstream process is handed).
std::optional<model::Upstream> read_upstream(const Value& table, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
