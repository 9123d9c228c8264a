// JSON Schemas (draft-07) of scenario and system files, for editors: made of the tables that the readers use.
#pragma once

#include <string>

namespace wsfault::report {

/// docs/schema/scenario.json: what `wsfault check` accepts, it accepts; what needs more than the shape of the
/// file (names that must exist, moments' arguments, seats) it leaves to `wsfault check`.
std::string print_scenario_schema();
/// docs/schema/system.json.
std::string print_system_schema();

}  // namespace wsfault::report
