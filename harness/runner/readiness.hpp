// When a system under test is ready: it listens, it answers HTTP, or it prints a certain line.
#pragma once

#include <map>
#include <string>

#include "model/system.hpp"
#include "net/event_gate.hpp"
#include "net/socket_source.hpp"
#include "record/event_log.hpp"
#include "runner/system_process.hpp"

namespace wsfault::runner {

/// Waits for it, at most the system's `ready.within`, scaled by `timeout_scale`; one sentence if it does not
/// become ready, or ends first. A gateway or server without a `ready` is ready when it accepts connections.
/// `changed` is notified with every event of the log; `sockets` are those of its network.
net::Task<std::string> await_ready(const model::System& system, const SystemProcess& process,
                                   const std::map<std::string, std::string>& variables, record::EventLog& log,
                                   net::EventGate& changed, double timeout_scale,
                                   net::SocketSource sockets = {});

}  // namespace wsfault::runner
