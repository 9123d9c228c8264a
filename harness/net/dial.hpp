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

/// Who has to know from which port a connection comes.
struct TellPort {
  std::function<void(std::uint16_t local_port)> tell;
  /// Another process hears of it before the SYN goes out. Else it is told at once after that, which is soon
  /// enough for who accepts in the same loop; binding a port first is slow where there are thousands.
  bool before_syn = false;
};

/// Resolves and connects, at most `limit`; the addresses of a name are tried in turn, and the last one's
/// error is told. A name that does not resolve is EHOSTUNREACH. `ports` hears of the local port of each try.
Task<DialResult> dial(std::string host, std::uint16_t port, std::chrono::nanoseconds limit,
                      TellPort ports = {});

}  // namespace wsfault::net
