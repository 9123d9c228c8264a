// One case: a scenario's tree without variables, read into the typed model.
#pragma once

#include "model/system.hpp"
#include "scenario/load.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// `system` has requirements and --set applied. The caller fills in `resolved`, the id and the values of
/// [each]. The result may be skipped, because of something that the system cannot report or do.
LoadedCase read_case(const Value& tree, const model::System& system, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
