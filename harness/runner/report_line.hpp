// What a client says of itself, a JSON object on a line of its output.
#pragma once

#include <optional>
#include <string_view>

#include "record/event.hpp"

namespace wsfault::runner {

/// A Report from one JSON line of a client, { "event": "close", "code": 1006 … }; none if it is not a report.
std::optional<record::Report> parse_report(std::string_view line);

}  // namespace wsfault::runner
