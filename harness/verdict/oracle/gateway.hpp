// The oracle's opinion on a gateway: for each connection of its clients what arrived there, or at the
// upstream where the client failed.
#pragma once

#include <string>
#include <vector>

#include "verdict/oracle/pairing.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// A tunnel passes on what both ends agree on in their handshake, and each message that leaves a gateway is one that
/// came, unchanged, once, and in its order: judged whatever else broke, and whatever is expected of the end.
std::optional<Finding> judge_passed(const Pair& pair, const Case& scenario, const Horizon& horizon);
/// Where judge_passed() has nothing to say. Of a client's connection that broke, or on which the gateway did something by itself.
std::optional<Said> judge_pair(const Pair& pair, const Pairing& pairing, const Case& scenario,
                               Horizon horizon);
/// Of the process, where that ended by itself, or may have.
std::optional<Finding> judge_gateway_process(const Pairing& pairing, const Case& scenario, Horizon horizon);

/// What broke a client's connection, in words; empty where nothing did.
std::string what_broke(const Pairing& pairing, const Case& scenario, int connection);

}  // namespace wsfault::verdict::oracle
