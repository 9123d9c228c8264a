// The parties played by the harness: [upstream] and [[client]].
#pragma once

#include <string>
#include <vector>

#include "fault/catalogue.hpp"
#include "model/script.hpp"
#include "model/system.hpp"
#include "scenario/script.hpp"
#include "value/reader.hpp"

namespace wsfault::scenario {

struct Parties {
  std::vector<model::Upstream> upstreams;  ///< at least one, except in role server
  std::vector<model::Client> clients;      ///< at least one, except in role client
  ScriptYield yield;                       ///< of all scripts
  std::vector<MomentUse> starts;           ///< of clients
};

/// Reads the keys `upstream` and `client` of a scenario; a party that the role does not have is an error.
Parties read_parties(TableReader& scenario, model::Role role);

/// What the scripts of an [upstream] table contribute.
ScriptYield upstream_yield(const Value& table, Diagnostics& diagnostics);

/// The links and parties of that role (docs/scenarios.md, "Parties, links, connections").
fault::Seats seats_of(model::Role role, const Parties& parties);

/// The tables of a list of tables; `what` is its notation: "[[fault]]". Anything else is an error.
std::vector<const Value*> tables_of(TableReader& reader, std::string_view key, std::string_view what);

}  // namespace wsfault::scenario
