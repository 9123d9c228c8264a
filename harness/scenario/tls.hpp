// The key `tls`: where wss is spoken, what must be true of a scenario and of a system for it.
#pragma once

#include <string>

#include "fault/catalogue.hpp"
#include "model/scenario.hpp"
#include "value/reader.hpp"

namespace wsfault::scenario {

/// true, false, "front", "back" or "passthrough"; what the role has no link for is an error.
model::Tls read_tls(TableReader& scenario, model::Role role);
/// A fault of the tls layer needs TLS on its link; what a link passes through it can neither read nor write.
void check_tls(const model::Scenario& scenario, const fault::Seats& seats, Diagnostics& diagnostics);
/// Why the system cannot do it; empty: it can.
std::string cannot_speak_tls(const model::System& system, model::Tls tls);
/// The system as it is started for it.
model::System with_tls(const model::System& system, model::Tls tls);

}  // namespace wsfault::scenario
