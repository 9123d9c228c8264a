// Traits of a case: the system's own, those set by --set, and the requirements of the scenario's [system]
// table.
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

/// What is wrong with --set NAME=TEXT where that is a trait, and how to write it; empty: nothing. A list or a table may be
/// written as in TOML: final=[1008, "4400-4499"].
std::string wrong_setting(const std::string& name, const std::string& text);

/// The system's traits with those set by --set. Names that set a value of [each] are left out.
model::Traits with_set(model::Traits traits, const std::map<std::string, std::string>& set, const Value* each,
                       Diagnostics& diagnostics);

struct Met {
  model::Traits traits;  ///< all requirements applied
  std::vector<std::pair<std::string, Value>> requirements;
  std::string skip;  ///< if not empty: a requirement that the system cannot grant
};

/// A requirement is met if its trait is settable, or already has that value. `traits` are the system's, with
/// --set applied. A requirement may use the requirements before it. The trait `protocol` must be the same, or
/// none, on both sides: this reason to skip comes first.
Met meet_requirements(const Value* requirements, const model::System& system, model::Traits traits,
                      const EachValues& each, const std::vector<std::string>& runtime,
                      Diagnostics& diagnostics);

/// True if the scenario's `protocol` is the one that the system speaks or can be set to speak; no protocol,
/// if the system speaks none.
bool is_of_its_protocol(const model::Scenario& scenario, const model::System& system);

}  // namespace wsfault::scenario
