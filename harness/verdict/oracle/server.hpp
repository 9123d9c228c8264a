// The oracle's opinion on a server, connection by connection.
#pragma once

#include <optional>

#include "verdict/oracle/server_scene.hpp"

namespace wsfault::verdict::oracle {

/// Of a connection that broke, that is owed something, or whose client has not played its steps yet.
std::optional<Finding> judge_served(const Leg& served, const ServerScene& scene);
/// What is wrong with its echoes so far, whatever is expected of the end.
std::optional<Finding> judge_echoes(const Leg& served, const ServerScene& scene);
/// Of the process, where that ended by itself, may have done so with the connection that it `cut_off` last,
/// or does not end when it is told to stop.
std::optional<Finding> judge_server_process(const ServerScene& scene, std::optional<std::int64_t> cut_off);

}  // namespace wsfault::verdict::oracle
