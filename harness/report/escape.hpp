// Makes any bytes fit to be shown on one line: of a terminal, in JSON, in XML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wsfault::report {

/// The text with everything that is not a visible character spelt out: "\n", "\t", "\r", "\x1b" for control
/// characters and for bytes that are not UTF-8, "\u{202e}" for characters that turn or hide text. Always
/// UTF-8, never more than one line, and every character of it may stand in XML.
std::string printable(std::string_view text);

/// The same, cut after `limit` characters (an escape counts as one) with "…" at the end.
std::string printable(std::string_view text, std::size_t limit);

/// The bytes of the first character of a text that is not empty; a byte that begins none stands for itself.
std::string_view character_at_front(std::string_view text);

/// Control characters stay; only bytes that are not UTF-8 are spelt out ("\xff"). For JSON, which escapes the
/// rest.
std::string as_utf8(std::string_view text);

/// The same JSON text with hidden characters of its strings as "\u202e". `json` is UTF-8 without control
/// characters.
std::string show_hidden_in_json(std::string_view json);

/// How many characters a UTF-8 text has: its width where all are of width one.
std::size_t width(std::string_view utf8);

}  // namespace wsfault::report
