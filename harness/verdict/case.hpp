// Everything that judging a log needs to know of a case: values only.
#pragma once

#include <string>
#include <vector>

#include "fault/fault_spec.hpp"
#include "model/system.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::verdict {

struct Case {
  model::Role role = model::Role::client;
  model::System system;  ///< kind, traits, dialect, report
  std::vector<fault::FaultSpec> faults;
  std::vector<Expectation> expectations;
  bool appropriate = true;  ///< does the oracle judge?
  double patience = 1;      ///< scales every upper bound
  /// Close codes that a script or a `close`, `frame`, `raw` fault may put on the wire though illegal.
  bool script_sends_illegal = false;
};

}  // namespace wsfault::verdict
