// What this process or its machine may run out of. Such a shortage is not a fact about the system under test.
#pragma once

#include <exception>
#include <string>

namespace wsfault::net {

/// Does this errno mean that descriptors, memory or buffers are used up?
bool is_shortage(int error);
/// "out of descriptors (the limit is 128): raise it with `ulimit -n`", "out of memory"; for another errno:
/// its standard text.
std::string describe_shortage(int error);
/// The exception in one sentence; a shortage is worded as by describe_shortage().
std::string describe_failure(const std::exception_ptr& failure);

}  // namespace wsfault::net
