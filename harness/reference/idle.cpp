// A timer that is restarted from the last sign of life each time it fires.
#include "reference/idle.hpp"

#include "net/event_gate.hpp"

namespace wsfault::reference {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

net::Task<void> idle_for(std::optional<Duration> limit, LastSign last_sign) {
  Duration forgiven{0};
  auto sign = last_sign();
  for (;;) {
    const auto over = sign + limit.value_or(2 * longest_duration) + forgiven;
    if (over <= Clock::now()) co_return;
    co_await net::sleep_for(over - Clock::now());
    const Duration late = Clock::now() - over;
    if (last_sign() != sign) {
      forgiven = Duration::zero();
      sign = last_sign();
    } else if (late > stopped_for) {
      forgiven += late + stopped_for;  // and time to read what has arrived
    }
  }
}

}  // namespace wsfault::reference
