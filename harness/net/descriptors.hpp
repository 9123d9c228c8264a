// How many descriptors this process may have, and has.
#pragma once

#include <cstddef>

namespace wsfault::net {

/// Raises the soft limit (RLIMIT_NOFILE) to the hard one, for this process only: what it starts for others
/// gets back what it was given itself.
void raise_descriptor_limit();
/// In a child, before exec: the soft limit that raise_descriptor_limit() found. No effect without it.
void restore_descriptor_limit();

/// The soft limit.
std::size_t descriptor_limit();
/// Those open now; 0 where /proc cannot be read.
std::size_t open_descriptors();

}  // namespace wsfault::net
