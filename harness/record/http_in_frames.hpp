// An HTTP answer in an open WebSocket, as error pages of gateways are: what it looks like when it is read as
// frames.
#pragma once

#include <optional>
#include <string>

#include "record/event.hpp"

namespace wsfault::record {

/// The status line of an HTTP/1 answer whose first bytes were read as this frame: "HT" make the header of an
/// unmasked Close of 84 bytes with RSV1 and without FIN (RFC 6455 5.2), "TP" its code. None: it is another
/// frame.
std::optional<std::string> status_line_in(const FrameSeen& frame);

}  // namespace wsfault::record
