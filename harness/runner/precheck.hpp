// Before a gateway or server that stands for the whole run is tested: can it be at all? And where a gateway
// remembers the last case: is it itself again?
#pragma once

#include <string>
#include <vector>

#include "actor/link.hpp"
#include "runner/standing_system.hpp"

namespace wsfault::runner {

/// Opens one connection to a server, and ends it: why that fails, in a sentence and a remedy, within 5 s
/// (scaled by `patience`). Empty: it opens. In a loop of its own, before any case runs.
std::string look_for_server(const StandingSystem& server, double patience);
/// Sends an echo through a gateway, to upstreams at its addresses: the same.
std::string look_for_gateway(const StandingSystem& gateway, double patience);
/// Whether a real server listens at its URL: a sentence if not. What it answers is the client's business,
/// which may bring what it asks for.
std::string look_for_upstream(const std::string& url, double patience);
/// The same in a loop that runs already.
net::Task<std::string> try_gateway(const net::asio::any_io_executor& executor, const StandingSystem& gateway,
                                   double patience);

/// Until an echo passes through the gateway and these links, whose targets are changed for it: gateways
/// remember a dead backend for seconds. One sentence if none does within 15 s (scaled by `patience`), or if
/// nobody listens there any more.
net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const StandingSystem& gateway,
                                  const std::vector<actor::Link*>& backs, double patience);

}  // namespace wsfault::runner
