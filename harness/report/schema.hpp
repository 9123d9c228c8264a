// JSON Schemas (draft-07) of scenario and system files, for editors: made from the tables that the readers
// use.
#pragma once

#include <string>

namespace wsfault::report {

/// docs/schema/scenario.json. It accepts everything that `wsfault check` accepts; checks beyond the shape of
/// the file (names that must exist, moments' arguments, roles) are left to `wsfault check`.
std::string print_scenario_schema();
/// docs/schema/system.json.
std::string print_system_schema();

}  // namespace wsfault::report
