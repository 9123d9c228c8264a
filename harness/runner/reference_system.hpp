// The embedded reference systems: what takes the seat where no system is named.
#pragma once

#include <string>
#include <vector>

#include "model/system.hpp"

namespace wsfault::runner {

/// The reference client, started as `PROGRAM reference client …` with these defects.
model::System reference_client(const std::string& program, const std::vector<std::string>& defects = {});

/// Names of the role's defects, in the order of their table.
std::vector<std::string> reference_defects(model::Role role);

}  // namespace wsfault::runner
