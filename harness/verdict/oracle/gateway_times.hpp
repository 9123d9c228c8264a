// When a gateway must have dealt with a break, and when it may not yet have.
#pragma once

#include <cstdint>
#include <optional>

#include "verdict/oracle/client.hpp"
#include "verdict/oracle/gateway_outcome.hpp"

namespace wsfault::verdict::oracle {

struct GatewayTimes {
  std::optional<std::int64_t> due;  ///< none: it is not bound
  std::optional<Duration> limit;    ///< the same as a length, for words
  std::int64_t earliest = 0;        ///< a limit may not have fired before
  bool declared = true;             ///< else nothing is known of such a limit
};

/// `until`: of silences, when the gateway acted, or now.
GatewayTimes gateway_times(const GatewayCase& it, const GatewayLog& log, Moment moment);

}  // namespace wsfault::verdict::oracle
