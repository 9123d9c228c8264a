// What a process tree uses, read from /proc.
#pragma once

#include <sys/types.h>

#include <optional>

#include "record/event.hpp"

namespace wsfault::runner {

/// Resident memory and open sockets of `root` and of all that descends from it; none where it has ended. Of
/// a process whose descriptors may not be read no socket is counted. Throws std::system_error where this
/// process is short of descriptors or memory: a figure that is too low would be none.
std::optional<record::UsageSample> usage_of_tree(pid_t root);

}  // namespace wsfault::runner
