// Makes any bytes printable on one line: for a terminal, JSON or XML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wsfault::report {

/// The text with every invisible character escaped: "\n", "\t", "\r", "\x1b" for control characters and for
/// bytes that are not UTF-8, "\u{202e}" for characters that reorder or hide text. Always UTF-8, always one
/// line, and every character is allowed in XML.
std::string printable(std::string_view text);

/// The same, cut after `limit` characters (an escape counts as one) with "…" at the end.
std::string printable(std::string_view text, std::size_t limit);

/// The bytes of the first character of a text that is not empty; a byte that begins no character counts as
/// one.
std::string_view character_at_front(std::string_view text);

/// Keeps control characters; only bytes that are not UTF-8 are escaped ("\xff"). For JSON, which escapes the
/// rest.
std::string as_utf8(std::string_view text);

/// The same JSON text with hidden characters of its strings as "\u202e". `json` is UTF-8 without control
/// characters.
std::string show_hidden_in_json(std::string_view json);

/// How many characters a UTF-8 text has: its width if all have width one.
std::size_t width(std::string_view utf8);

}  // namespace wsfault::report
