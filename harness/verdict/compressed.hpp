// Messages that permessage-deflate made: nothing is said of what they say.
#pragma once

#include <string>
#include <vector>

#include "fault/moment.hpp"
#include "trace/trace.hpp"

namespace wsfault::verdict {

/// Why a moment that reads messages may not have come: "2 messages were compressed (permessage-deflate), and
/// cannot be read". Empty of other moments, and where none was compressed.
std::string why_unread(const fault::Moment& moment, const trace::Trace& trace);

}  // namespace wsfault::verdict
