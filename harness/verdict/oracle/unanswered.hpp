// Attempts of a client to connect that get no answer to their SYN.
#pragma once

#include <optional>

#include "trace/view.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// Connecting is part of its handshake: it gives up in its `handshake_limit`. The first attempt that is
/// wrong, or that is not decided while none has been; none: nothing to say.
std::optional<Finding> judge_unanswered(const trace::View& seen, const Case& scenario, Horizon horizon);

}  // namespace wsfault::verdict::oracle
