// A table that a person wrote, as TOML or JSON, and where in it the errors of the API are.
#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <wsfault/errors.hpp>

#include "value/result.hpp"
#include "value/value.hpp"

namespace wsfault::client {

/// A TOML inline table, lines of TOML, or a JSON object. The error is as `wsfault check` prints it, with the
/// place; `name` stands where the name of a file would.
Result<Value> read_typed_table(const std::string& name, std::string_view text);

/// The errors of the API (RFC 9457) in the text from which the table was read, printed in the same form.
std::string print_in_place(const std::string& name, std::string_view text, const Value& table,
                           const std::vector<WsfaultError::Detail>& errors);

}  // namespace wsfault::client
