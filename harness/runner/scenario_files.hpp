// Which files are scenarios, and which are system files.
#pragma once

#include <string>
#include <vector>

#include "value/result.hpp"

namespace wsfault::runner {

/// The shipped scenarios: in the checkout that the program was built from, or where it is installed.
std::string default_scenarios(const std::string& program);
/// Scenario files below the paths, sorted. A path that does not exist may be the id of a shipped scenario or
/// of a folder of them ("1006", "1006/server-crash"). System files below a folder are skipped. An error names
/// a path that does not exist, contains no scenario, is a system file, or cannot be read, with the nearest
/// id.
Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths,
                                                const std::string& shipped);
/// System files at and below the paths, sorted: files named system.toml, and files with the keys of one.
std::vector<std::string> find_system_files(const std::vector<std::string>& paths);
/// Is it a system file, or a folder of them without a scenario?
bool has_only_systems(const std::string& path);
/// "1006/server-crash" for scenarios/1006/server-crash.toml; otherwise the file's own name.
std::string scenario_id(const std::string& file);

}  // namespace wsfault::runner
