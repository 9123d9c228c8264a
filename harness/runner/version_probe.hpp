// Asks a system for its version, which also shows whether it is installed on this machine.
#pragma once

#include <string>

#include "model/system.hpp"
#include "net/child.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// The first line printed by its version command (at most 20 s); empty if it has no such command. The error
/// says that it is not installed, and how to install it.
Result<std::string> probe_version(net::Warden& warden, const model::System& system);

}  // namespace wsfault::runner
