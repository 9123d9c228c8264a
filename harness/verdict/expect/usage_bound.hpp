// Bounds on a process tree's memory and sockets: "<=64MiB" is a level, "<=+64MiB" is growth.
#pragma once

#include <cstdint>
#include <string_view>

#include "value/bound.hpp"
#include "value/result.hpp"

namespace wsfault::verdict {

struct UsageBound {
  bool growth = false;  ///< against the first sample
  Bound<std::int64_t> bound;
};

/// "<=N", ">=N" or "N", each with an optional + before the number; bytes as sizes where `bytes`.
Result<UsageBound> parse_usage_bound(std::string_view text, bool bytes);

}  // namespace wsfault::verdict
