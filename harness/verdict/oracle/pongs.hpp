// Pings that reached a party, and its answers.
#pragma once

#include <optional>
#include <string>

#include "trace/leg.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// The first pong of that party with the data of that ping, behind it.
std::optional<trace::SeenFrame> answer_to(const trace::SeenFrame& ping, const trace::Leg& party);

/// RFC 6455 5.5.2, 5.5.3: a ping is answered by a pong with the same data, or by the pong to a later ping;
/// other pongs are legal and answer nothing. Counts what came 1 s before its end or a Close, or before
/// anything could keep the answer back. Pending while the last ping has time. `expected`: in a phrase.
Opinion on_pongs(const trace::Leg& party, const Scene& scene, const std::string& expected);

/// The answer to the last ping came, and late, though no long frame of the party's own was in front of it:
/// bytes are life. Not for who may wait for the answer of somebody else.
Opinion on_late_pong(const trace::Leg& party, const Scene& scene, const std::string& expected);

}  // namespace wsfault::verdict::oracle
