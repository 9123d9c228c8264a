// Waiting for an event: a condition variable for coroutines. One thread, no locks.
#pragma once

#include <chrono>

#include "net/asio.hpp"

namespace wsfault::net {

/// notify() wakes every coroutine that waits at that moment.
class EventGate {
 public:
  explicit EventGate(const asio::any_io_executor& executor)
      : timer_(executor, asio::steady_timer::time_point::max()) {}
  void notify() { timer_.cancel(); }
  /// Waits until the next notify(). Check the condition in a loop: `while (!done) co_await gate.wait();`.
  /// Also returns when the waiting coroutine is cancelled (by ||, by a cancellation slot); the loop then ends
  /// because the next co_await of a cancelled coroutine throws operation_aborted.
  Task<void> wait();
  /// Waits until the next notify() (true) or `deadline` (false). If cancelled: as wait(), with either result.
  Task<bool> wait_until(std::chrono::steady_clock::time_point deadline);

 private:
  asio::steady_timer timer_;
};

/// Now plus `limit`; the largest time point if the sum cannot be represented.
std::chrono::steady_clock::time_point deadline_after(std::chrono::nanoseconds limit);

/// Sleeps; returns early without an error when cancelled.
Task<void> sleep_for(std::chrono::nanoseconds duration);

}  // namespace wsfault::net
