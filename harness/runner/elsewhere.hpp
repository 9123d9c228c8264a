// An external system or server, which is not a child of the run: in a container, on a device, or already
// running.
#pragma once

#include <string>

#include "scenario/load.hpp"

namespace wsfault::runner {

/// Why the case cannot run on such a system: it acts on its process in a way for which the system file has no
/// command, or observes the process itself. Empty: it can.
std::string cannot_reach(const scenario::LoadedCase& loaded);
/// Why the case cannot run with its upstream: it would strike the process of a real server. Empty: it can.
std::string cannot_strike(const scenario::LoadedCase& loaded);

}  // namespace wsfault::runner
