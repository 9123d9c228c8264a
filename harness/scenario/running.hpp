// Of a system file: where a gateway or server runs that nobody has to start.
#pragma once

#include <optional>
#include <string>

#include "model/system.hpp"
#include "value/reader.hpp"

namespace wsfault::scenario {

/// `url` and what belongs to it; none where the file has no `url`. `folder` is where `ca_file` counts from.
std::optional<model::Running> read_running(TableReader& system, model::Role role, const std::string& folder);

}  // namespace wsfault::scenario
