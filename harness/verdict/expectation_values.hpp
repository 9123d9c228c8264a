// Reads the value of each kind of expectation, with the keys that narrow it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "value/reader.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::verdict {

/// Of a table that has the key `kind` (never "never"); what is wrong is an error.
std::optional<Expected> read_expected(std::string_view kind, TableReader& table);

/// Does it take a time over which it holds?
enum class Lasting { no, may, must };
Lasting lasting(const Expected& what);

/// A value as TOML writes it, on one line.
std::string as_written(const Value& value);

}  // namespace wsfault::verdict
