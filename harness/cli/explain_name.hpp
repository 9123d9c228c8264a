// `wsfault explain` of the names in scenario and system files: faults, expectations, moments, traits, keys.
#pragma once

#include <string>
#include <string_view>

namespace wsfault::cli {

/// All that is called so, each with an empty line before it but the first; empty: nothing is.
std::string explain_name(std::string_view asked);
/// Of those names the nearest; empty: none is near.
std::string near_name(std::string_view found);

}  // namespace wsfault::cli
