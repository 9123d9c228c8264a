// The limit for idle connections of a gateway or server, where nothing broke them: it ends them in its time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "verdict/oracle/pairing.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// When something last reached the gateway on either side, before `until`: idle limits count from here.
std::int64_t last_activity(const Pair& pair, std::int64_t until);
/// The same, on that side alone on which nothing has come for longer.
std::int64_t last_on_quieter_side(const Pair& pair, std::int64_t until);
/// When something last passed between a server and its client, either way.
std::int64_t last_activity(const Leg& served, std::int64_t until);

/// A connection that is silent and open though the declared limit is over. None: it is not.
std::optional<Finding> judge_idle(const Pair& pair, const Scene& scene);
std::optional<Finding> judge_idle(const Leg& served, const Scene& scene);

/// It ended a connection after that silence: in its declared limit? `late`: what to say if not.
std::optional<Opinion> on_late_idle(std::int64_t last, std::int64_t ended, const Scene& scene);

/// It ended a connection that pings kept alive, after its declared limit without a message on any of the open
/// legs: such a limit counts messages alone, as applications do that see no pings. None: it is not that.
std::optional<Opinion> on_idle_by_messages(std::initializer_list<const Leg*> open, std::int64_t ended,
                                           const Scene& scene);

}  // namespace wsfault::verdict::oracle
