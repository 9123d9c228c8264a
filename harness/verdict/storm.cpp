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

std::optional<Storm> find_storm(std::span<const std::int64_t> attempts, const model::Backoff& backoff,
                                std::size_t instances) {
  const bool meant_so = backoff.max && *backoff.max < pause;
  const std::size_t most_in_all = most_in_a_second * instances;
  const std::size_t first = instances - 1;  // the last of those that only start
  std::size_t row = 0;
  for (std::size_t i = first + 1; i < attempts.size(); ++i) {
    row = Duration(attempts[i] - attempts[i - 1]) <= pause ? row + 1 : 0;
    if (i >= first + most_in_all) {
      const std::int64_t took = attempts[i] - attempts[i - most_in_all];
      if (Duration(took) <= second)
        return Storm{i, fmt::format("{} attempts in {}", most_in_all + 1, measured(Duration(took)))};
    }
    if (row >= most_in_a_row * instances && !meant_so) {
      return Storm{i, fmt::format("{} attempts in a row, none more than {} after the one before", row,
                                  format_duration(pause))};
    }
  }
  return std::nullopt;
}

std::string most_attempts(std::size_t instances) {
  const std::string of = instances > 1 ? fmt::format(" of each of its {} clients", instances) : "";
  return fmt::format("no more than {} attempts{} in a second, nor {} in a row within {} of each other",
                     most_in_a_second, of, most_in_a_row, format_duration(pause));
}

}  // namespace wsfault::verdict
