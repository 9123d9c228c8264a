// Connecting out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/socket.hpp"

namespace wsfault::net {

struct DialResult {
  std::optional<Socket> socket;
  int error = 0;       ///< errno where it failed: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH …; ECANCELED
  std::string detail;  ///< "cannot resolve example.test: …", "Connection refused"
  bool shortage =
      false;  ///< this process has no descriptor, memory or port for it: it says nothing of the peer
};

/// Resolves and connects, at most `limit`; the addresses of a name are tried in turn, and the last one's
/// error is told. A name that does not resolve is EHOSTUNREACH. `bound` is called with the local port before
/// each SYN goes out.
Task<DialResult> dial(std::string host, std::uint16_t port, std::chrono::nanoseconds limit,
                      std::function<void(std::uint16_t local_port)> bound = {});

}  // namespace wsfault::net
