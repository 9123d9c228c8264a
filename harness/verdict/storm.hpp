// A storm: a client that comes back again and again without a pause.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "model/system.hpp"

namespace wsfault::verdict {

struct Storm {
  std::size_t attempt = 0;  ///< the one that made it a storm
  std::string text;         ///< "11 attempts in 340ms"
};

/// `attempts`: their times, ascending, of so many clients. More than 10 of each in any second, or 10 of each in
/// a row none of which came more than 200 ms after the one before, unless `backoff.max` is shorter than that.
/// That all of them start at once is no storm.
std::optional<Storm> find_storm(std::span<const std::int64_t> attempts, const model::Backoff& backoff,
                                std::size_t instances = 1);
/// What no storm is, in words.
std::string most_attempts(std::size_t instances);

}  // namespace wsfault::verdict
