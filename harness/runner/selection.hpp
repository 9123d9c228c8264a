// Which cases are meant: files and folders, roles, tags and names; loaded against the system in the seat.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/system.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

struct Selection {
  std::vector<std::string> paths;  ///< files, folders, ids of shipped scenarios
  std::string shipped;             ///< the folder of the shipped scenarios
  std::vector<std::string> tags;   ///< one of them must be there
  std::vector<std::string> names;  ///< a case's id must contain one of them
  std::optional<model::Role> role;
  std::map<std::string, std::string> set;  ///< --set
  bool tls = false;                        ///< --tls
};

struct LoadedCases {
  std::vector<scenario::LoadedCase> cases;
  std::string errors;  ///< printed diagnostics of all files; empty if there are none
};

/// The shipped scenarios: those of the checkout that the program was built in, or of where it is installed.
std::string default_scenarios(const std::string& program);
/// Scenario files below the paths, sorted; a path that is not there may be the id of a shipped scenario or of
/// a folder of them ("1006", "1006/server-crash"). An error names a path that is not there or holds none, and
/// the nearest id.
Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths,
                                                const std::string& shipped);
/// Files named system.toml, at the paths and below them, sorted.
std::vector<std::string> find_system_files(const std::vector<std::string>& paths);
/// "1006/server-crash" for scenarios/1006/server-crash.toml; the file's own name elsewhere.
std::string scenario_id(const std::string& file);
/// Loads what is selected, for each system that can take the seat. Where several of a role can, an id says
/// which: "1014/backend-down@websocket".
Result<LoadedCases> load_cases(const Selection& selection, const std::vector<model::System>& systems);
/// A system file by its path, its folder, or the name of one of scenarios/systems/. The error is printed
/// diagnostics.
Result<model::System> find_system(const std::string& name, const std::string& scenarios);

}  // namespace wsfault::runner
