// TLS on a link: the link decrypts and encrypts again, so that faults can change the contents.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fault/connection_fault.hpp"
#include "net/tls_context.hpp"

namespace wsfault::actor {

struct LinkTls {
  /// What it presents to its client; none: plain on that side. A certificate that must be refused is made
  /// when a fault presents it.
  std::function<net::TlsContext(fault::Shown)> to_client;
  std::optional<net::TlsContext> to_server;  ///< its requirements on its target; none: plain on that side
  std::string server_name;                   ///< of the target
  /// TLS is passed through: its contents cannot be seen.
  bool passthrough = false;
};

}  // namespace wsfault::actor
