// Start commands, environments and templates of a system, with their variables replaced.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/system.hpp"
#include "value/result.hpp"

namespace wsfault::scenario {

/// Replaces every ${name}. An error names the unknown variable and the nearest known one.
Result<std::string> render(std::string_view text, const std::map<std::string, std::string>& variables);

/// The traits as variables: "heartbeat", "backoff.max" …; lists as "1008,4400-4499". The standard traits are
/// always included, as "none" if they are not declared.
std::map<std::string, std::string> trait_variables(const model::Traits& traits);
/// Is it told all addresses of a link that has several: `${addresses}` in its command, environment or a
/// template?
bool takes_addresses(const model::System& system);

/// Every variable that the start command, environment, files, probes and commands of such a system may use.
/// Those of its traits have their values; the others get theirs in each case.
std::map<std::string, std::string> system_variables(const model::System& system);

}  // namespace wsfault::scenario
