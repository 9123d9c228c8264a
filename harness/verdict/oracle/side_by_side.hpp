// A client that has more connections than it is clients.
#pragma once

#include <optional>

#include "trace/view.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// After a loss, more connections with the same request than it is clients were open for a second, and
/// nothing was wrong with any of them: two loops that come back. Where `instances` is not declared it may
/// have as many as it had before the first loss. Pending while such a second has begun.
std::optional<Finding> judge_side_by_side(const trace::View& seen, const Case& scenario, Horizon horizon);
/// So many connections it had at once, at most, before it lost one.
std::size_t most_at_once(const trace::View& seen);

}  // namespace wsfault::verdict::oracle
