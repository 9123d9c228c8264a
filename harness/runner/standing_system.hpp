// A gateway or server that stands for the whole run: already running (--gateway, --server), or shared by its
// cases (share = true).
#pragma once

#include <string>
#include <vector>

#include "actor/link.hpp"
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

/// Opens one connection to a server, and ends it, at most 10 s: one sentence if that fails, naming what did
/// (it does not resolve, refuses, answers without an upgrade). In a loop of its own, before any case runs.
std::string look_for_server(const StandingSystem& server);
/// The same of a gateway as far as TCP and TLS: what it answers is its upstream's affair, which is not there
/// yet.
std::string look_for_gateway(const StandingSystem& gateway);

/// Until an echo passes through the gateway and these links, whose targets are changed for it: gateways
/// remember a dead backend for seconds. One sentence if none does within 15 s (scaled by `patience`).
net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const StandingSystem& gateway,
                                  const std::vector<actor::Link*>& backs, double patience);

}  // namespace wsfault::runner
