// A system that is no child of the case: already running (--gateway, --server, a system file's `url`), shared
// by the cases of a run (share = true), in a container, or on a device.
#pragma once

#include <string>
#include <vector>

#include "actor/probe_client.hpp"
#include "runner/loopback.hpp"
#include "runner/run_setting.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

/// A gateway or server that serves the whole run, and how to reach it.
struct ExternalSystem {
  Address listen;                  ///< where clients reach it
  std::vector<Address> upstreams;  ///< where a gateway expects its upstreams: the back links listen there
  std::string path;                ///< the request target, unless the scenario sets one; empty: "/"
  std::string authority;           ///< the value of Host in requests; empty: the address they are sent to
  wire::Headers headers;           ///< in each request: a token, a cookie
  std::vector<std::string> subprotocols;  ///< offered if the scenario offers none
  std::optional<net::TlsContext> tls;     ///< for a wss one: the requirements on its certificate
};

/// Where a probe client connects to reach it through a link at `link`, which speaks TLS for it.
actor::ProbeTarget probe_target(const ExternalSystem& system, const Address& link);

/// Is the system of this case external? Else the case starts it.
bool is_external(const RunSetting& setting, const scenario::LoadedCase& loaded);

/// Why the case cannot run on an external system: it acts on its process in a way for which the system file
/// has no command, or observes the process itself. Empty: it can.
std::string cannot_reach(const scenario::LoadedCase& loaded);
/// Why the case cannot run on this one: it speaks TLS where the system does not, or needs more upstreams.
/// Empty: it can.
std::string cannot_serve(const scenario::LoadedCase& loaded, const ExternalSystem& system);
/// Why the case cannot run with its upstream: it would strike the process of a real server. Empty: it can.
std::string cannot_strike(const scenario::LoadedCase& loaded);

/// True if nobody listens there for 5 s: the system has ended. Any other reason for not answering returns
/// false.
net::Task<bool> refuses_connections(const ExternalSystem& system);

}  // namespace wsfault::runner
