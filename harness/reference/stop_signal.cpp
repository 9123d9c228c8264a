// Waiting for a request to stop.
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

using namespace net::asio::experimental::awaitable_operators;

net::Task<void> StopSignal::wait() {
  while (!requested_) co_await gate_.wait();
}

net::Task<void> StopSignal::wait_for(Duration limit) { co_await (wait() || net::sleep_for(limit)); }

}  // namespace wsfault::reference
