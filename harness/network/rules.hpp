// Packet filter rules by libnftables, which is loaded when the first rule is made.
#pragma once

#include <string>

namespace wsfault::network {

/// Runs commands of nft(8) in the namespace of the calling process. One sentence if that fails; empty: done.
std::string run_rules(const std::string& commands);

}  // namespace wsfault::network
