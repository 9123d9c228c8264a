// What readers of several kinds of expectations share: texts and /regex/es, headers, errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fault/request_pattern.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"
#include "value/schema.hpp"

namespace wsfault::verdict {

/// The error that a value is not what its key takes.
void wrong(TableReader& table, const Value& value, std::string_view key, std::string_view takes);
/// Is it a text "/…/"?
bool is_regex(const Value& value);
schema::Object regex_schema();
/// A value as TOML writes it, on one line.
std::string as_written(const Value& value);

/// None, and an error, if the value is neither a text nor a /regex/.
std::optional<TextPattern> pattern_of(TableReader& table, std::string_view key, const Value& value);
/// The same of a key that may be missing.
std::optional<TextPattern> read_pattern(TableReader& table, std::string_view key);
/// "/gone/", or a text in quotes.
std::string pattern_text(const TextPattern& pattern);

using fault::HeaderPatterns;
/// Of the key `headers`: { Name = "text", Other = "/regex/" }.
HeaderPatterns read_headers(TableReader& table);
/// ", Name: text".
std::string headers_text(const HeaderPatterns& headers);

}  // namespace wsfault::verdict
