// What steps send: payloads, bytes in hex, header fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/script.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// "text", { hex = "ff00" } or { size = "64MiB" }; `what` names it in messages.
std::optional<model::Payload> read_payload(const Value& value, std::string_view what,
                                           Diagnostics& diagnostics);

/// "text" or { hex = "ff00" }.
std::optional<std::string> read_bytes(const Value& value, std::string_view what, Diagnostics& diagnostics);

/// { Cookie = "x", Set-Cookie = ["a", "b"] }: a list repeats the field.
wire::Headers read_headers(const Value& value, Diagnostics& diagnostics);

/// A name that others refer to: letters, digits, "-", "_", ".". Anything else is an error.
std::optional<std::string> read_name(const Value& value, std::string_view what, Diagnostics& diagnostics);

}  // namespace wsfault::scenario
