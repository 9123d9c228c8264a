// What a gateway passed on as it came: whoever sent it answers for it.
#pragma once

#include "verdict/oracle/act.hpp"

namespace wsfault::verdict::oracle {

/// The gateway sent on, byte for byte, what broke the connection that it has with `from`: the frame, the
/// Close with which it acted, or before the 101 the answer of its backend.
bool passed_on(const Leg& from, const Leg& to, const Break& broke, const Act& act);
/// The illegal frame that broke it, whatever came after.
bool passed_illegal_frame(const Leg& from, const Leg& to, const Break& broke);

}  // namespace wsfault::verdict::oracle
