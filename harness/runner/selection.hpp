// Which cases are meant: files and folders, roles, tags and names; loaded against the system in the seat.
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
  std::vector<std::string> tags;   ///< one of them must be there
  std::vector<std::string> names;  ///< a case's id must contain one of them
  std::vector<std::string> cases;  ///< a case's id must be one of them
  std::optional<model::Role> role;
  std::map<std::string, std::string> set;  ///< --set
  bool tls = false;                        ///< --tls
};

struct LoadedCases {
  std::vector<scenario::LoadedCase> cases;
  std::string errors;  ///< printed diagnostics of all files; empty if there are none
  /// What the selection asks for by name and no file has, one sentence; empty: all is there.
  std::string not_there;
  /// One sentence for each --set that names nothing, and for each file that is named and not run.
  std::vector<std::string> warnings;
  /// The environment's values that the files name and that may not be shown: name, value.
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// Loads what is selected, for each system that can take the seat. Where several of a role can, an id says
/// which: "1014/backend-down@websocket".
Result<LoadedCases> load_cases(const Selection& selection, const std::vector<model::System>& systems);
/// A system file by its path, its folder, or the name of one of scenarios/systems/. The error is printed
/// diagnostics.
Result<model::System> find_system(const std::string& name, const std::string& scenarios);

}  // namespace wsfault::runner
