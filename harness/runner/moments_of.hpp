// What the moments of a case require of its links: exact bytes, silences, whole messages, "… done".
#pragma once

#include <vector>

#include "actor/connection.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

/// The moments of faults, expectations and scripts, in any order.
std::vector<fault::Moment> moments_of(const scenario::LoadedCase& loaded);

/// Fills in the parts of the setting that the case's moments need.
void ask_for_moments(const scenario::LoadedCase& loaded, actor::LinkSetting& setting);

}  // namespace wsfault::runner
