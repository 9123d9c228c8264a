// TLS on a link: it ends what comes in and begins it anew, so that faults work on what is inside.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fault/fault.hpp"
#include "net/tls_context.hpp"

namespace wsfault::actor {

struct LinkTls {
  /// What it shows to its client; none: it is plain there. A certificate that must be refused is asked for
  /// when a fault shows it.
  std::function<net::TlsContext(fault::Shown)> to_client;
  std::optional<net::TlsContext> to_server;  ///< what it demands of its target; none: it is plain there
  std::string server_name;                   ///< of the target
  /// TLS passes as it is: what is inside cannot be seen.
  bool passthrough = false;
};

}  // namespace wsfault::actor
