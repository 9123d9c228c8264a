// A text split at its ${variables}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value/result.hpp"

namespace wsfault::scenario {

struct Piece {
  bool variable = false;
  std::string text;  ///< for a variable: its name
};
using Pieces = std::vector<Piece>;

/// "$${" means a "${" that does not begin a variable. An error if a "${" is not closed.
Result<Pieces> split_variables(std::string_view text);

}  // namespace wsfault::scenario
