// For a system file: where an already running gateway or server is.
#pragma once

#include <optional>
#include <string>

#include "model/system.hpp"
#include "value/reader.hpp"

namespace wsfault::scenario {

/// `url` and the keys that belong to it; none if the file has no `url`. `ca_file` is relative to `folder`.
std::optional<model::Running> read_running(TableReader& system, model::Role role, const std::string& folder);

}  // namespace wsfault::scenario
