// The faults of a scenario: [[fault]] tables, then the steps that inject; each with its own name.
#pragma once

#include <string>
#include <vector>

#include "fault/catalogue.hpp"
#include "scenario/script.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

struct Faults {
  std::vector<fault::FaultSpec> specs;
  std::vector<MomentUse> moments;   ///< the `when`s in the file; for a step, its own mark
  std::vector<std::string> names;   ///< of all tables, valid or not
  std::vector<std::string> shared;  ///< default names of several faults; "reset#2" is the second one's
};

Faults read_faults(std::vector<const Value*> tables, const std::vector<Value>& injected,
                   const fault::Seats& seats, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
