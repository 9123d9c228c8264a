// What a gateway passed on as it came: whoever sent it answers for it.
#pragma once

#include <cstddef>
#include <set>

#include "verdict/oracle/act.hpp"
#include "verdict/oracle/pairing.hpp"

namespace wsfault::verdict::oracle {

/// The gateway sent on, byte for byte, what broke the connection that it has with `from`: the frame, the
/// Close with which it acted, or before the 101 the answer of its backend.
bool passed_on(const Leg& from, const Leg& to, const Break& broke, const Act& act);

/// Indices of the events of frames that the gateway sent on either side and that had not reached it just so
/// on the other; of connections that cannot be matched none.
std::set<std::size_t> own_frames(const Pairing& pairing);

}  // namespace wsfault::verdict::oracle
