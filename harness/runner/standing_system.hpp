// A gateway or server that stands for the whole run: already running (--gateway, --server), or shared by its
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
  std::vector<Address> upstreams;  ///< where a gateway looks for its upstreams: the back links listen there
  std::string path;                ///< what requests ask for, unless the scenario says; empty: "/"
  std::string authority;           ///< what requests say in Host; empty: the address they are sent to
  wire::Headers headers;           ///< in each request: a token, a cookie
  std::vector<std::string> subprotocols;  ///< offered where the scenario offers none
  std::optional<net::TlsContext> tls;     ///< of a wss one: what is demanded of its certificate
};

/// Where a probe client connects to reach it through a link at `link`, which speaks TLS for it.
actor::ProbeTarget probe_target(const StandingSystem& system, const Address& link);

/// Why the case cannot run on such a system: it speaks TLS where the system does not, or needs more
/// upstreams. Empty: it can.
std::string cannot_stand(const scenario::LoadedCase& loaded, const StandingSystem& system);

/// Nobody listens there, and nobody does for 5 s: it has ended. Whatever else keeps it from answering is no
/// such thing.
net::Task<bool> refuses_connections(const StandingSystem& system);

}  // namespace wsfault::runner
