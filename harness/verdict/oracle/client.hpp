// The oracle's opinion on one connection of a client.
#pragma once

#include <optional>

#include "trace/view.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// None: nothing broke it, and nothing is wrong.
std::optional<Finding> judge_client(const trace::Leg& connection, const trace::View& seen,
                                    const Case& scenario, Horizon horizon);
/// Of the process, where that ended by itself, or may have done so with the connection that it `cut_off`
/// last.
std::optional<Finding> judge_client_process(const trace::View& seen, const Case& scenario, Horizon horizon,
                                            std::optional<std::int64_t> cut_off);

}  // namespace wsfault::verdict::oracle
