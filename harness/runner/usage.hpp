// What a process tree uses, read from /proc.
#pragma once

#include <sys/types.h>

#include <optional>

#include "record/event.hpp"

namespace wsfault::runner {

/// Resident memory and open sockets of `root` and all its descendants; none if it has ended. Sockets of a
/// process whose descriptors may not be read are not counted. Throws std::system_error if this process is
/// short of descriptors or memory, because the result would be too low.
std::optional<record::UsageSample> usage_of_tree(pid_t root);

}  // namespace wsfault::runner
