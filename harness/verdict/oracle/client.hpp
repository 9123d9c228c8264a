// The oracle's opinion on one connection of a client.
#pragma once

#include <optional>

#include "trace/view.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict::oracle {

/// Up to when the log is known.
struct Moment {
  std::int64_t now = 0;
  bool over = false;  ///< nothing will follow
};

/// None: nothing broke it, and nothing is wrong.
std::optional<Finding> judge_client(const trace::Leg& connection, const trace::View& seen,
                                    const Case& scenario, Moment moment);

}  // namespace wsfault::verdict::oracle
