// A gateway or server that serves the whole run: already running (--gateway, --server), or shared by its
// cases (share = true).
#pragma once

#include <string>
#include <vector>

#include "actor/probe_client.hpp"
#include "runner/loopback.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

struct StandingSystem {
  Address listen;                  ///< where clients reach it
  std::vector<Address> upstreams;  ///< where a gateway expects its upstreams: the back links listen there
  std::string path;                ///< the request target, unless the scenario sets one; empty: "/"
  std::string authority;           ///< the value of Host in requests; empty: the address they are sent to
  wire::Headers headers;           ///< in each request: a token, a cookie
  std::vector<std::string> subprotocols;  ///< offered if the scenario offers none
  std::optional<net::TlsContext> tls;     ///< for a wss one: the requirements on its certificate
};

/// Where a probe client connects to reach it through a link at `link`, which speaks TLS for it.
actor::ProbeTarget probe_target(const StandingSystem& system, const Address& link);

/// Why the case cannot run on such a system: it speaks TLS where the system does not, or needs more
/// upstreams. Empty: it can.
std::string cannot_stand(const scenario::LoadedCase& loaded, const StandingSystem& system);

/// True if nobody listens there for 5 s: the system has ended. Any other reason for not answering returns
/// false.
net::Task<bool> refuses_connections(const StandingSystem& system);

}  // namespace wsfault::runner
