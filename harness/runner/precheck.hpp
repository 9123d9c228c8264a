// Checks before a gateway or server that serves the whole run is tested: can it be tested at all? And, for a
// gateway that remembers the last case: has it recovered?
#pragma once

#include <string>
#include <vector>

#include "actor/link.hpp"
#include "runner/external_system.hpp"

namespace wsfault::runner {

/// Opens one connection to a server and ends it. Returns why that fails within 5 s (scaled by
/// `timeout_scale`), as a sentence and a remedy. Empty: it opens. Runs in its own loop, before any case.
std::string look_for_server(const ExternalSystem& server, double timeout_scale);
/// The same for a gateway: sends an echo through it, to upstreams at its addresses.
std::string look_for_gateway(const ExternalSystem& gateway, double timeout_scale);
/// Does a real server listen at its URL? One sentence if not. How it answers is not checked: a client may
/// send what it needs.
std::string look_for_upstream(const std::string& url, double timeout_scale);
/// The same, in a loop that is already running.
net::Task<std::string> try_gateway(const net::asio::any_io_executor& executor, const ExternalSystem& gateway,
                                   double timeout_scale);

/// Waits until an echo passes through the gateway and these links, whose targets are changed for it: gateways
/// remember a dead backend for seconds. One sentence if none does within 15 s (scaled by `timeout_scale`), or
/// if nobody listens there any more.
net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const ExternalSystem& gateway,
                                  const std::vector<actor::Link*>& backs, double timeout_scale);

}  // namespace wsfault::runner
