// Waits for silence: returns when a connection has had no sign of life for as long as its limit allows.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "net/asio.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// If the process wakes this much later than planned, it was itself stopped: that time is not the peer's
/// fault.
inline constexpr Duration stopped_for = std::chrono::milliseconds(100);

using LastSign = std::function<std::chrono::steady_clock::time_point()>;

/// Waits until the last sign of life is `limit` ago; forever without a limit. Time in which this process was
/// itself stopped does not count.
net::Task<void> idle_for(std::optional<Duration> limit, LastSign last_sign);

}  // namespace wsfault::reference
