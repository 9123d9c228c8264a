// Pings that reached a party, and its answers.
#pragma once

#include <string>

#include "trace/leg.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// RFC 6455 5.5.2, 5.5.3: a ping is answered by a pong with the same data, or by the pong to a later ping;
/// other pongs are legal and answer nothing. Counts what came 1 s before its end or a Close, or before
/// anything could keep the answer back. Pending while the last ping has time. `expected`: in a phrase.
Opinion on_pongs(const trace::Leg& party, const Scene& scene, const std::string& expected);

}  // namespace wsfault::verdict::oracle
