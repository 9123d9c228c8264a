// Frames that a gateway passed on as they came are not its own: whoever sent them answers for them.
#pragma once

#include <cstddef>
#include <set>

#include "record/event.hpp"
#include "verdict/oracle/gateway_match.hpp"

namespace wsfault::verdict::oracle {

/// Byte for byte, as far as the log tells: all but the masking key, which is each connection's own.
bool same_frame(const record::FrameSeen& one, const record::FrameSeen& other);

/// Indices of the events of frames that the gateway sent on either side and that had not reached it just so
/// on the other; of connections that cannot be matched none.
std::set<std::size_t> own_frames(const GatewayLog& log);

}  // namespace wsfault::verdict::oracle
