// The oracle's opinion on one connection of a client.
#pragma once

#include <optional>

#include "trace/view.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// None: nothing broke it, and nothing is wrong.
std::optional<Finding> judge_client(const trace::Leg& connection, const trace::View& seen,
                                    const Case& scenario, Horizon horizon);

}  // namespace wsfault::verdict::oracle
