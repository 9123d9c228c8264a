// The dialect of a system: what a client's API is known not to report or accept.
#pragma once

#include "model/system.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// { hides_status = false, follows_redirects = false, refuses_codes = [1014] }
model::Dialect read_dialect(const Value& value, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
