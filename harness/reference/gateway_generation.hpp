// The connections that the gateway accepted between two reloads.
#pragma once

#include <cstdint>

#include "net/asio.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

/// How these connections learn that they must end. Outlives them.
struct Generation {
  explicit Generation(const net::asio::any_io_executor& executor) : leave(executor), cut(executor) {}

  StopSignal leave;                 ///< with a closing handshake
  StopSignal cut;                   ///< at once, without a Close
  std::uint16_t close_code = 1001;  ///< the code that a peer on both sides sends to its clients
};

}  // namespace wsfault::reference
