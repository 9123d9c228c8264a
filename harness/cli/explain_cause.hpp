// wsfault explain CAUSE_KEY: one row of the table of causes.
#pragma once

#include <string_view>
#include <vector>

#include "verdict/cause.hpp"

namespace wsfault::cli {

/// The cause of that key, "no_backoff" or "no-backoff"; none: it is in no row.
verdict::Cause cause_named(std::string_view key);

/// What it means, who must change, and the remedy, as the table at the end of docs/verdicts.md has it.
void print_cause(verdict::Cause cause);

/// The keys that contain `found`.
std::vector<std::string_view> keys_that_name(std::string_view found);
/// Those, or else the nearest one.
std::vector<std::string_view> near_keys(std::string_view found);

}  // namespace wsfault::cli
