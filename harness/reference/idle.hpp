// The wait for silence: over when a connection had no sign of life for as long as its limit allows.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "net/asio.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// Waking so much later than planned, this process was itself stopped: it does not blame its peer for that
/// time.
inline constexpr Duration stopped_for = std::chrono::milliseconds(100);

using LastSign = std::function<std::chrono::steady_clock::time_point()>;

/// Until the last sign of life is `limit` ago; for ever without a limit. Time in which this process was
/// itself stopped does not count.
net::Task<void> idle_for(std::optional<Duration> limit, LastSign last_sign);

}  // namespace wsfault::reference
