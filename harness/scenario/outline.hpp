// What can be learned from a file before it is read, for selection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/system.hpp"

namespace wsfault::scenario {

struct Outline {
  bool is_system = false;  ///< it has more keys of a system file than of a scenario
  std::optional<model::Role> role;
  std::vector<std::string> tags;
  /// Names that --set may use in it: those of [each] and of [system], and all ${…} in its texts.
  std::vector<std::string> names;
  /// Values of environment variables that it uses and that must not be shown: name, value.
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// If the text is not TOML: empty, and not a system file.
Outline outline(std::string_view text);

}  // namespace wsfault::scenario
