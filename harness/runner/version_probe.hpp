// Asks a system for its version, which tells at the same time whether this machine has it.
#pragma once

#include <string>

#include "model/system.hpp"
#include "net/child.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// The first line that its version command prints (at most 20 s); empty where it has no such command. The
/// error says that it is not installed, and how to install it.
Result<std::string> probe_version(net::Warden& warden, const model::System& system);

}  // namespace wsfault::runner
