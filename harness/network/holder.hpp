// The process that holds a case's network, and does in it what the harness orders.
#pragma once

#include <string>

namespace wsfault::network {

/// Connects to the Unix socket of the harness at `path`, makes the network, says so, and obeys until that
/// connection ends; then all of it is gone. Returns the exit code.
int hold_network(const std::string& path);

}  // namespace wsfault::network
