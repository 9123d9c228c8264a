// The limits of known middleboxes.
#pragma once

#include <vector>

#include "fault/preset.hpp"

namespace wsfault::fault {

const std::vector<Preset>& idle_presets();
const std::vector<Preset>& age_presets();

}  // namespace wsfault::fault
