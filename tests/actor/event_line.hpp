// Events as short lines that tests compare.
#pragma once

#include <string>

#include "record/event.hpp"

namespace wsfault::actor {

/// "frame 1 text of 5", "violation bad-utf8 in frame 2", "RST to client", "fault reset fired" …
std::string event_line(const record::What& what);

}  // namespace wsfault::actor
