// The embedded reference systems: used if no system is named.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/system.hpp"
#include "reference/defect.hpp"

namespace wsfault::runner {

/// Started as `PROGRAM reference client …`, `… gateway --kind … ` or `… server …` with these defects.
model::System reference_client(const std::string& program, const std::vector<std::string>& defects = {});
model::System reference_gateway(const std::string& program, model::Kind kind,
                                const std::vector<std::string>& defects = {});
model::System reference_server(const std::string& program, const std::vector<std::string>& defects = {});

/// All of them, for use if no system is named.
std::vector<model::System> reference_systems(const std::string& program);

/// By its name on the command line: "reference-client", "reference-gateway-http" …
std::optional<model::System> find_reference(const std::string& program, std::string_view name);
/// That name.
std::string reference_name(const model::System& system);

/// The kind of reference program whose defects a system of that role can have.
reference::Seat reference_seat(model::Role role);
/// A reference system's possible defects, in the order of their table: name, sentence. For a gateway, those
/// that its kind can have.
std::vector<std::pair<std::string, std::string>> reference_defects(const model::System& system);
/// The same reference system with a defect, or without one (model::no_defect).
model::System with_defect(const model::System& system, const std::string& defect);

}  // namespace wsfault::runner
