// The traits that a scenario may use even if no system declares them, and the type of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

enum class TraitType {
  duration,
  positive_duration,
  count,
  size,
  backoff,
  codes,
  factor,
  jitter,
  protocol,
  flag
};
struct StandardTrait {
  std::string_view name;
  TraitType type;            ///< any of them may also be "none"
  std::string_view meaning;  ///< as in docs/scenarios.md; empty: told with its table
  std::optional<std::int64_t> implied = {};  ///< of a system that declares none
};
const std::vector<StandardTrait>& standard_traits();

/// The option of the reference systems that sets it: "--heartbeat-timeout", "--backoff-max".
std::string option_of_trait(std::string_view name);

/// "heartbeat", "backoff", "backoff.max" …: docs/scenarios.md, System files and traits.
const std::vector<std::string_view>& standard_trait_names();
bool is_standard_trait(std::string_view name);
/// What it is of a system that declares none; none: nothing is known.
std::optional<Value> implied_trait(std::string_view name);

/// A value of the right type, for checking the rest of a scenario if the system declares none.
Value trait_placeholder(std::string_view name);

/// As the command line sets it: "--set heartbeat=20s".
std::string how_to_set(std::string_view name);

/// Reports what is wrong with a declared or required trait. Other names are unrestricted.
void check_trait(std::string_view name, const Value& value, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
