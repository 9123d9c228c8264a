// What a fake upstream needs others for: in `wsfault upstream` it runs alone.
#pragma once

#include "scenario/load.hpp"

namespace wsfault::scenario {

/// Everything of the case that its upstream cannot do without the system under test, other parties or TLS is
/// an error, with its place. Expectations do not count: nobody judges there.
void check_alone(const LoadedCase& loaded, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
