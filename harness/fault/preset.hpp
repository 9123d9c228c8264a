// Presets: the keys of a fault as a known product has them.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "value/value.hpp"

namespace wsfault::fault {

struct Preset {
  std::string_view name;
  std::string_view source;                                          ///< where its numbers are from
  std::vector<std::pair<std::string_view, std::string_view>> keys;  ///< as in TOML, texts without quotes
};

/// The table with what its `preset` says of keys that it does not have itself. An unknown name is filled like
/// the first one: it is an error elsewhere.
Value with_preset(Value table, const std::vector<Preset>& presets);

}  // namespace wsfault::fault
