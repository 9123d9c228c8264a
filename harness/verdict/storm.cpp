// A storm: a client that comes back again and again without a pause.
#include "verdict/storm.hpp"

#include <fmt/format.h>

#include <chrono>

#include "value/words.hpp"

namespace wsfault::verdict {
namespace {

constexpr std::size_t most_in_a_second = 10;
constexpr std::size_t most_in_a_row = 10;
constexpr Duration pause = std::chrono::milliseconds(200);
constexpr Duration second = std::chrono::seconds(1);

}  // namespace

std::optional<Storm> find_storm(std::span<const std::int64_t> attempts, const model::Backoff& backoff) {
  const bool meant_so = backoff.max && *backoff.max < pause;
  std::size_t row = 0;
  for (std::size_t i = 1; i < attempts.size(); ++i) {
    row = Duration(attempts[i] - attempts[i - 1]) <= pause ? row + 1 : 0;
    if (i >= most_in_a_second) {
      const std::int64_t took = attempts[i] - attempts[i - most_in_a_second];
      if (Duration(took) <= second) {
        return Storm{attempts[i],
                     fmt::format("{} attempts in {}", most_in_a_second + 1, measured(Duration(took)))};
      }
    }
    if (row >= most_in_a_row && !meant_so) {
      return Storm{attempts[i], fmt::format("{} attempts in a row, none more than {} after the one before",
                                            row, format_duration(pause))};
    }
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict
