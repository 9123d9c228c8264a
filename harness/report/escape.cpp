// Reads text character by character and escapes those that cannot be shown.
#include "report/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "value/visible.hpp"
#include "wire/utf8.hpp"

namespace wsfault::report {
namespace {

struct Character {
  std::string_view bytes;
  bool valid = false;  ///< false: one byte that does not begin a character
  char32_t code = 0;
};

std::size_t length_by_first_byte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

char32_t decode(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  char32_t code = first & (0x7FU >> character.size());
  for (const char next : character.substr(1)) code = (code << 6) | (static_cast<unsigned char>(next) & 0x3FU);
  return code;
}

Character first_character(std::string_view text) {
  const std::size_t length = length_by_first_byte(static_cast<unsigned char>(text.front()));
  if (length == 0 || length > text.size() || !wire::is_utf8(text.substr(0, length))) {
    return {text.substr(0, 1), false, 0};
  }
  const std::string_view bytes = text.substr(0, length);
  return {bytes, true, decode(bytes)};
}

void append_printable(std::string& out, const Character& character) {
  if (!character.valid) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(character.bytes.front()));
  } else if (character.code == '\n') {
    out += "\\n";
  } else if (character.code == '\r') {
    out += "\\r";
  } else if (character.code == '\t') {
    out += "\\t";
  } else if (character.code < 0x20 || character.code == 0x7F) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<std::uint32_t>(character.code));
  } else if (is_hidden(character.code)) {
    fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<std::uint32_t>(character.code));
  } else {
    out += character.bytes;
  }
}

}  // namespace

std::string_view character_at_front(std::string_view text) { return first_character(text).bytes; }

std::string printable(std::string_view text) { return printable(text, text.size()); }

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == limit) return out + "…";
    const Character character = first_character(text);
    append_printable(out, character);
    text.remove_prefix(character.bytes.size());
  }
  return out;
}

std::string as_utf8(std::string_view text) {
  if (wire::is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.valid) {
      out += character.bytes;
    } else {
      append_printable(out, character);
    }
    text.remove_prefix(character.bytes.size());
  }
  return out;
}

std::string show_hidden_in_json(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const Character character = first_character(json);
    json.remove_prefix(character.bytes.size());
    if (!character.valid || !is_hidden(character.code)) {
      out += character.bytes;
    } else if (character.code < 0x10000) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(character.code));
    } else {
      const std::uint32_t rest = static_cast<std::uint32_t>(character.code) - 0x10000;
      fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10),
                     0xDC00 + (rest & 0x3FF));
    }
  }
  return out;
}

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

}  // namespace wsfault::report
