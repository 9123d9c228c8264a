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

/// A case ready to run, or the reason why it is skipped.
struct LoadedCase {
  model::Scenario scenario;
  verdict::Case judged;  ///< what the judge needs; its system has requirements and --set applied
  std::string skip;      ///< if not empty: skipped for this reason
  Value resolved;        ///< { scenario, system }, all variables replaced; read_resolved() reads it back
  /// Values from the environment that no log or report may show: name, value. In `resolved` they are
  /// "<env:NAME>".
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// The setting in which a scenario is resolved.
struct Setting {
  model::System system;                    ///< the system under test
  std::map<std::string, std::string> set;  ///< --set NAME=VALUE: values of [each] and traits
  bool tls = false;                        ///< --tls: scenarios that do not set `tls` use wss
  std::vector<std::pair<std::string, std::string>> defaults = {};  ///< keys that the file may leave out
  std::string suffix = {};       ///< for ids, if several systems run the scenarios: "@http"
  std::string upstream = {};     ///< URL of a real server in place of the first fake one; empty: none
  std::string upstream_ca = {};  ///< whom to trust for it, PEM
};

/// All cases of one file: [each] expanded, variables replaced, traits and requirements applied, checked.
/// Errors are collected in `diagnostics` (for this file and text); then the result is empty.
std::vector<LoadedCase> load_scenario(const std::string& id, const Setting& setting, std::string_view text,
                                      Diagnostics& diagnostics);

/// The time limit of the whole case: as given, else the largest bound (expectations, and the oracle's limits
/// by the system's traits, 5 s if they are not declared) counted from the last fault (its delay, duration and
/// attributes, and the waits of the longest script) + 5 s, at least 10 s. The timeout scale is not applied.
Duration effective_deadline(const LoadedCase& loaded, std::optional<Duration> wait = {});

/// The approximate duration if it passes: what its faults, scripts and expectations wait for. Zero if it is
/// skipped. Used for balance and budgets, not for verdicts.
Duration expected_duration(const LoadedCase& loaded);

/// The case in a log's first record: `resolved` of a case, with the "id" and "timeout_scale" of its run
/// added.
Result<LoadedCase> read_resolved(const Value& resolved);

/// The [traits] of a system.
model::Traits read_traits(const Value& table, Diagnostics& diagnostics);

/// A system file.
std::optional<model::System> load_system(std::string_view text, const std::string& folder,
                                         Diagnostics& diagnostics);

/// An [upstream] table (also passed to an upstream process).
std::optional<model::Upstream> read_upstream(const Value& table, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
