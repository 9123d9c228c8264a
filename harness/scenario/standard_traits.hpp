// The traits that a scenario may speak of though no system declares them, and what each takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

enum class TraitType { duration, count, size, backoff, codes, factor, jitter, protocol };
struct StandardTrait {
  std::string_view name;
  TraitType type;  ///< of any of them the value may also be "none"
};
const std::vector<StandardTrait>& standard_traits();

/// "heartbeat", "backoff", "backoff.max" …: docs/scenarios.md, System files and traits.
const std::vector<std::string_view>& standard_trait_names();
bool is_standard_trait(std::string_view name);

/// A value of the right type, to check the rest of a scenario with where the system declares none.
Value trait_placeholder(std::string_view name);

/// Says what is wrong with a declared or wished trait. Names that are not standard may be anything.
void check_trait(std::string_view name, const Value& value, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
