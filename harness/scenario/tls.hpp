// The key `tls`: where wss is used, and what it requires of a scenario and of a system.
#pragma once

#include <string>

#include "fault/catalogue.hpp"
#include "model/scenario.hpp"
#include "value/reader.hpp"

namespace wsfault::scenario {

/// true, false, "front", "back" or "passthrough"; a link that the role does not have is an error.
model::Tls read_tls(TableReader& scenario, model::Role role);
/// A fault of the tls layer needs TLS on its link; if TLS passes through, a link can neither read nor change
/// it.
void check_tls(const model::Scenario& scenario, const fault::Seats& seats, Diagnostics& diagnostics);
/// Why the system cannot do it; empty: it can.
std::string cannot_speak_tls(const model::System& system, model::Tls tls);
/// The system as started for that.
model::System with_tls(const model::System& system, model::Tls tls);

}  // namespace wsfault::scenario
