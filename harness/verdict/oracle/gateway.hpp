// The oracle's opinion on a gateway: for each connection of its clients what arrived there, or at the
// upstream where the client failed.
#pragma once

#include <string>
#include <vector>

#include "verdict/case.hpp"
#include "verdict/cause.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/client.hpp"
#include "verdict/oracle/gateway_match.hpp"

namespace wsfault::verdict::oracle {

struct GatewayFinding {
  std::string party;  ///< at whom it was seen: a client's name, "upstream", or "sut" for the process itself
  Finding finding;
};

/// Of a client's connection that broke, or on which the gateway did something by itself.
std::optional<GatewayFinding> judge_pair(const Pair& pair, const GatewayLog& log, const Case& scenario,
                                         Moment moment);
/// Of the process, where that ended by itself, or may have.
std::optional<Finding> judge_gateway_process(const GatewayLog& log, const Case& scenario, Moment moment);

/// Why a client's connection ended, as the log shows it; none where nothing broke.
Cause cause_at_client(const GatewayLog& log, const Case& scenario, int connection);

}  // namespace wsfault::verdict::oracle
