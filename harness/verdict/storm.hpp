// A storm: a client that comes back again and again without a pause.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "model/system.hpp"

namespace wsfault::verdict {

struct Storm {
  std::int64_t at = 0;  ///< of the attempt that made it one
  std::string text;     ///< "11 attempts in 340ms"
};

/// `attempts`: the times of one client's attempts, ascending. More than 10 in any second, or 10 in a row none
/// of which came more than 200 ms after the one before, unless `backoff.max` is shorter than that.
std::optional<Storm> find_storm(std::span<const std::int64_t> attempts, const model::Backoff& backoff);

}  // namespace wsfault::verdict
