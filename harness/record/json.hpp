// The JSON Lines form of a log: one event per line, read back equal.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "record/event.hpp"
#include "value/result.hpp"

namespace wsfault::record {

/// Version of the form; a log of another version is refused.
inline constexpr int log_version = 2;

/// One line, without the newline.
std::string to_json(const Event& event);
Result<Event> event_from_json(std::string_view line);

std::string to_json_lines(const Events& events);
/// "line 7: …" if it is not a log.
Result<Events> log_from_json_lines(std::string_view text);

}  // namespace wsfault::record
