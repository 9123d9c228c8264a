// The oracle's opinion on a server, connection by connection.
#pragma once

#include <string>
#include <vector>

#include "verdict/case.hpp"
#include "verdict/cause.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/client.hpp"
#include "verdict/oracle/server_log.hpp"

namespace wsfault::verdict::oracle {

struct ServerFinding {
  std::string party;  ///< on whose connection it was seen, or "sut" for the process itself
  Finding finding;
};

/// One for each connection that broke, that is owed something, or whose client has not played its steps yet;
/// and one for the process where that ended by itself, or does not end when it is told to stop.
std::vector<ServerFinding> judge_server(const ServerLog& log, const Case& scenario, Moment moment);

}  // namespace wsfault::verdict::oracle
