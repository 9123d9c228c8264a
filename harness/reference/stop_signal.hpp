// A request to stop, seen by every coroutine that waits for it. One thread, no locks.
#pragma once

#include "net/asio.hpp"
#include "net/event_gate.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

class StopSignal {
 public:
  explicit StopSignal(const net::asio::any_io_executor& executor) : gate_(executor) {}
  void request() {
    requested_ = true;
    gate_.notify();
  }
  bool requested() const { return requested_; }
  /// Waits until stop is requested; returns at once if it already was.
  net::Task<void> wait();
  /// The same, at most `limit`.
  net::Task<void> wait_for(Duration limit);

 private:
  net::EventGate gate_;
  bool requested_ = false;
};

}  // namespace wsfault::reference
