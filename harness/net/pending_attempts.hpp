// Attempts to connect that still wait for an answer to their SYN, as this machine's kernel knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// A socket of this machine that connects, or is connected, to a port.
struct PendingAttempt {
  std::string from;  ///< its own address, as the peer of its connection has it: "127.0.0.1:40000"
  bool established = false;
};

/// Those of this network namespace (sock_diag(7)), or of the one in which the socket `table` of sock_diag was made: no
/// right is needed for it. None: the kernel does not say.
std::optional<std::vector<PendingAttempt>> attempts_to(const std::string& host, std::uint16_t port,
                                                       const FileDescriptor* table = nullptr);

}  // namespace wsfault::net
