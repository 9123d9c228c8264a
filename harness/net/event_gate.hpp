// A wait that is ended by an event: the coroutine's condition variable. One thread, no locks.
#pragma once

#include <chrono>

#include "net/asio.hpp"

namespace wsfault::net {

/// notify() wakes every coroutine that waits at that moment.
class EventGate {
 public:
  explicit EventGate(const asio::any_io_executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}
  void notify() { timer_.cancel(); }
  /// Until the next notify(). Check the condition in a loop around it.
  Task<void> wait();
  /// Until the next notify() (true) or until `deadline` (false).
  Task<bool> wait_until(std::chrono::steady_clock::time_point deadline);

 private:
  asio::steady_timer timer_;
};

/// Sleeps; returns early without an error when cancelled.
Task<void> sleep_for(std::chrono::nanoseconds duration);

}  // namespace wsfault::net
