// Waiting for an event: a condition variable for coroutines.
#include "net/event_gate.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

namespace wsfault::net {

Task<void> EventGate::wait() {
  // Both notify() and a cancellation are reported as operation_aborted, and both end the wait.
  co_await timer_.async_wait(as_result);
}

Task<bool> EventGate::wait_until(std::chrono::steady_clock::time_point deadline) {
  asio::steady_timer alarm(timer_.get_executor(), deadline);
  const auto [order, notified, elapsed] =
      co_await asio::experimental::make_parallel_group(timer_.async_wait(asio::deferred),
                                                       alarm.async_wait(asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  co_return order[0] == 0;
}

std::chrono::steady_clock::time_point deadline_after(std::chrono::nanoseconds limit) {
  const auto now = std::chrono::steady_clock::now();
  const auto never = std::chrono::steady_clock::time_point::max();
  return limit < never - now ? now + limit : never;
}

Task<void> sleep_for(std::chrono::nanoseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline_after(duration));
  co_await timer.async_wait(as_result);
}

}  // namespace wsfault::net
