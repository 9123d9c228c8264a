// Connecting out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/asio.hpp"
#include "net/file_descriptor.hpp"
#include "net/socket.hpp"
#include "net/socket_source.hpp"

namespace wsfault::net {

struct DialResult {
  std::optional<Socket> socket;
  int error = 0;       ///< errno if it failed: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH …; ECANCELED
  std::string detail;  ///< "cannot resolve example.test: …", "Connection refused"
  bool shortage =
      false;  ///< this process has no descriptor, memory or port for it: that is no fact about the peer
};

/// The callback that receives the local port of a connection.
struct TellPort {
  std::function<void(std::uint16_t local_port)> tell;
  /// True: the callback is called before the SYN is sent, for a listener in another process. False: it is
  /// called right after the SYN, early enough for a listener in the same loop; binding a port first is slow
  /// with thousands of connections.
  bool before_syn = false;
};

/// Resolves and connects, in at most `limit`. The addresses of a name are tried in turn, and the last error
/// is reported. A name that does not resolve is EHOSTUNREACH. `ports` receives the local port of each try.
/// The sockets are made by `source`.
Task<DialResult> dial(std::string host, std::uint16_t port, std::chrono::nanoseconds limit, TellPort ports = {},
                      SocketSource source = {});

/// Waits, at most `limit`, for the connection that a socket which does not block has begun to make.
Task<DialResult> finish_dial(FileDescriptor begun, std::chrono::nanoseconds limit);

/// An IP address, and no name.
bool is_address(const std::string& host);

/// The addresses of a name, in the order in which they should be tried (RFC 6724), or the address itself.
/// Empty: it has none, or not in time.
Task<std::vector<std::string>> addresses_of(std::string host, std::chrono::nanoseconds limit);

}  // namespace wsfault::net
