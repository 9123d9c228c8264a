// What a fake upstream cannot do by itself: in `wsfault upstream` it has no run around it.
#pragma once

#include "scenario/load.hpp"

namespace wsfault::scenario {

/// Anything in the case that its upstream cannot do without the system under test, other parties or TLS is an
/// error, with its place. Expectations are ignored, because nothing is judged there.
void check_standalone(const LoadedCase& loaded, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
