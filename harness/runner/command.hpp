// Commands of a case: those of a system file (`docker kill …`), and those that faults run.
#pragma once

#include <string>
#include <vector>

#include "net/child.hpp"
#include "value/units.hpp"

namespace wsfault::runner {

/// Runs it to its end; the processes that it leaves running are killed. One sentence if it cannot be started,
/// fails, or has not ended within `limit`.
net::Task<std::string> run_command(const net::asio::any_io_executor& executor, net::Warden& warden,
                                   std::vector<std::string> argv, Duration limit);

}  // namespace wsfault::runner
