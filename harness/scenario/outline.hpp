// What can be told of a file before it is read: for selection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/system.hpp"

namespace wsfault::scenario {

struct Outline {
  bool is_system = false;  ///< more of its keys are those of a system file than of a scenario
  std::optional<model::Role> role;
  std::vector<std::string> tags;
  /// What --set may mean in it: names of [each] and of [system], and all that its texts name as ${…}.
  std::vector<std::string> names;
  /// The environment's values that it names and that may not be shown: name, value.
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// Of a text that is no TOML: empty, and no system file.
Outline outline(std::string_view text);

}  // namespace wsfault::scenario
