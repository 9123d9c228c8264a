// One case: a scenario's tree without variables, read into the typed model.
#pragma once

#include "model/system.hpp"
#include "scenario/load.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// `system` has wishes and --set applied. `resolved`, the id and the values of [each] are the caller's. May
/// be skipped for what the system cannot show or offer.
LoadedCase read_case(const Value& tree, const model::System& system, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
