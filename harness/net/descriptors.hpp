// How many descriptors this process may open, and how many it has open.
#pragma once

#include <cstddef>

namespace wsfault::net {

/// Raises the soft limit (RLIMIT_NOFILE) to the hard one, only for this process: the programs that it starts
/// get the original limit back.
void raise_descriptor_limit();
/// In a child, before exec: restores the soft limit that raise_descriptor_limit() found. No effect without
/// it.
void restore_descriptor_limit();

/// The soft limit.
std::size_t descriptor_limit();
/// The number of open ones; 0 if /proc cannot be read.
std::size_t open_descriptors();

}  // namespace wsfault::net
