// Traits of a case: the system's own, what --set declares, and what the scenario's [system] table wishes.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/scenario.hpp"
#include "model/system.hpp"
#include "scenario/variables.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// The system's traits with those that --set declares. Names that mean a value of [each] are left out.
model::Traits with_set(model::Traits traits, const std::map<std::string, std::string>& set, const Value* each,
                       Diagnostics& diagnostics);

struct Granted {
  model::Traits traits;  ///< all wishes applied
  std::vector<std::pair<std::string, Value>> wishes;
  std::string skip;  ///< not empty: a wish that the system cannot grant
};

/// A wish is granted if its trait is settable, or has that value already. `traits` are the system's, --set
/// applied. A wish may be made of the wishes before it. The trait `protocol` must be the same, or none, on
/// both sides: that is the first reason to skip.
Granted grant_wishes(const Value* wishes, const model::System& system, model::Traits traits,
                     const EachValues& each, const std::vector<std::string>& runtime,
                     Diagnostics& diagnostics);

/// What the scenario wishes for as `protocol` is what the system speaks, or can be set to speak; none where
/// the system speaks none.
bool is_of_its_protocol(const model::Scenario& scenario, const model::System& system);

}  // namespace wsfault::scenario
