// A gateway that stands for the whole run: already running (--gateway), or shared by its cases (share =
// true).
#pragma once

#include <string>
#include <vector>

#include "actor/link.hpp"
#include "runner/loopback.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

struct StandingGateway {
  Address listen;                  ///< where clients reach it
  std::string path;                ///< in front of each request's path; "" for "/"
  std::vector<Address> upstreams;  ///< where it looks for its upstreams: the back links listen there
};

/// Why the case cannot run on such a gateway: it does something to its process for which the system file has
/// no command, or needs more upstreams. Empty: it can.
std::string cannot_stand(const scenario::LoadedCase& loaded, const StandingGateway& gateway);

/// Until an echo passes through the gateway and these links, whose targets are changed for it: gateways
/// remember a dead backend for seconds. One sentence if none does within 15 s (scaled by `patience`).
net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const StandingGateway& gateway,
                                  const std::vector<actor::Link*>& backs, double patience);

}  // namespace wsfault::runner
