// The connections that the gateway accepted between two reloads.
#pragma once

#include <cstdint>

#include "net/asio.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

/// How they are told to end. Outlives them.
struct Generation {
  explicit Generation(const net::asio::any_io_executor& executor) : leave(executor), cut(executor) {}

  StopSignal leave;                 ///< in good order
  StopSignal cut;                   ///< at once, without a word
  std::uint16_t close_code = 1001;  ///< what a peer on both sides says to its clients
};

}  // namespace wsfault::reference
