// The faults of a scenario: [[fault]] tables, then the steps that inject; each with a name of its own.
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
  std::vector<MomentUse> moments;   ///< the `when`s of the file; a step's is its own mark
  std::vector<std::string> names;   ///< of all tables, right or wrong
  std::vector<std::string> shared;  ///< names that several have by default; "reset#2" is the second's
};

Faults read_faults(std::vector<const Value*> tables, const std::vector<Value>& injected,
                   const fault::Seats& seats, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
