// Which files are scenarios, and which are system files.
#pragma once

#include <string>
#include <vector>

#include "value/result.hpp"

namespace wsfault::runner {

/// The shipped scenarios: those of the checkout that the program was built in, or of where it is installed.
std::string default_scenarios(const std::string& program);
/// Scenario files below the paths, sorted; a path that is not there may be the id of a shipped scenario or of
/// a folder of them ("1006", "1006/server-crash"). System files below a folder are passed over. An error
/// names a path that is not there, holds none, is a system file, or cannot be read, and the nearest id.
Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths,
                                                const std::string& shipped);
/// System files at the paths and below them, sorted: those named system.toml, and those whose keys say so.
std::vector<std::string> find_system_files(const std::vector<std::string>& paths);
/// Is that a system file, or a folder of them without a scenario?
bool has_only_systems(const std::string& path);
/// "1006/server-crash" for scenarios/1006/server-crash.toml; the file's own name elsewhere.
std::string scenario_id(const std::string& file);

}  // namespace wsfault::runner
