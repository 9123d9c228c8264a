// Which cases to run: files and folders, roles, tags and names; loaded for the system under test.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/system.hpp"
#include "runner/scenario_files.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

struct Selection {
  std::vector<std::string> paths;  ///< files, folders, ids of shipped scenarios
  std::string shipped;             ///< the folder of the shipped scenarios
  std::vector<std::string> tags;   ///< a case must have one of them
  std::vector<std::string> names;  ///< a case's id must contain one of them
  std::vector<std::string> cases;  ///< a case's id must be one of them
  std::optional<model::Role> role;
  std::map<std::string, std::string> set;  ///< --set
  bool tls = false;                        ///< --tls
  std::string upstream;     ///< URL of a real server in place of the first fake one; empty: none
  std::string upstream_ca;  ///< whom to trust for it, PEM
};

struct LoadedCases {
  std::vector<scenario::LoadedCase> cases;
  std::string errors;  ///< printed diagnostics of all files; empty if there are none
  /// One sentence if the selection names something that no file has; empty: nothing is missing.
  std::string unmatched;
  /// One sentence for each --set with an unknown name, and for each named file that is not run.
  std::vector<std::string> warnings;
  /// Values of environment variables that the files use and that must not be shown: name, value.
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// Loads the selection for each system that can run it. If several systems of a role can, the id names the
/// system: "1014/backend-down@websocket".
Result<LoadedCases> load_cases(const Selection& selection, const std::vector<model::System>& systems);
/// A system file by its path, its folder, or the name of one of scenarios/systems/. The error is printed
/// diagnostics.
Result<model::System> find_system(const std::string& name, const std::string& scenarios);
/// One of scenarios/systems/ by its name, which it then has. The error is one sentence, with the nearest name.
Result<model::System> find_shipped_system(const std::string& name, const std::string& scenarios);
/// The names of those, sorted.
std::vector<std::string> shipped_systems(const std::string& scenarios);

}  // namespace wsfault::runner
