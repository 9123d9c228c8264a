// TOML 1.0 into the value tree.
#pragma once

#include <optional>
#include <string_view>

#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault {

/// None (and an error with its place) if the text is not UTF-8 or not TOML. Dates are errors, because no key
/// accepts one.
std::optional<Value> parse_toml(std::string_view text, Diagnostics& diagnostics);

}  // namespace wsfault
