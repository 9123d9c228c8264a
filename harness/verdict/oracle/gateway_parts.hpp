// What the parts of the opinion on a gateway have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/gateway_times.hpp"

namespace wsfault::verdict::oracle {

struct Scene {
  const GatewayLog& log;
  const Case& scenario;
  Moment moment;

  /// So long after `from`, scaled and without time in which the gateway stood still.
  std::int64_t later(std::int64_t from, Duration limit) const;
  bool frozen_now() const;
};

/// Waits for `due`: pending until then, violated behind it or where nothing will follow.
Opinion wait_until(std::int64_t due, std::string says, Cause cause, const Scene& scene);
/// Its limit fired in its time: not before, and not long after.
Opinion opinion_on_time(const GatewayCase& it, const GatewayTimes& times);
/// Nothing done so far; holds where the row lets it stay as it is.
Opinion opinion_on_nothing(const GatewayCase& it, const GatewayTimes& times, const Scene& scene);

/// `fallback`: the cause of what is neither fine nor pending and names none.
Finding finding_of(const Opinion& opinion, std::string expected, std::string seen, int connection,
                   Cause fallback);

/// Its process may have ended with the connection that it ended without a Close at `cut`: not known `until`
/// then.
Finding perhaps_dying(std::string_view who, std::int64_t cut, std::int64_t until);

// Each of one connection; none: nothing to say.
std::optional<Finding> judge_at_client(const Pair& pair, const GatewayBreak& began, const Scene& scene);
std::optional<Finding> judge_at_upstream(const Pair& pair, const GatewayBreak& began, const Scene& scene);
/// No backend had to do with it: the gateway did it by itself, never reached one, or lost the upgrade.
std::optional<Finding> judge_alone(const Pair& pair, const Scene& scene);
/// Nothing broke: a client whose backend has answered 101 is let in, too.
std::optional<Finding> judge_waiting(const Pair& pair, const Scene& scene);
/// Ended, answered or closed though nothing had broken.
std::optional<Finding> judge_by_itself(const Pair& pair, const GatewayBreak& began, const Scene& scene);

}  // namespace wsfault::verdict::oracle
