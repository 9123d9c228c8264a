// What this process or its machine may run out of. Such a lack says nothing of the system under test.
#pragma once

#include <exception>
#include <string>

namespace wsfault::net {

/// That errno says that descriptors, memory or buffers are used up.
bool is_shortage(int error);
/// "out of descriptors (the limit is 128): raise it with `ulimit -n`", "out of memory"; another errno: its
/// own words.
std::string describe_shortage(int error);
/// What was thrown, in one sentence; a shortage in the words of describe_shortage().
std::string describe_failure(const std::exception_ptr& failure);

}  // namespace wsfault::net
