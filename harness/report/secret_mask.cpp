// Matches character by character, keeping all possible positions of the next one: escapes are ambiguous.
#include "report/secret_mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "report/escape.hpp"

namespace wsfault::report {
namespace {

constexpr std::size_t npos = std::string_view::npos;
/// A shorter one would also match much ordinary text.
constexpr std::size_t shortest_encoded = 4;
/// How many times a text may have been escaped.
constexpr std::size_t deepest = 4;
/// At least this much of a cut-off secret is needed to distinguish it from other words.
constexpr std::size_t least_before_cut = 3;
constexpr std::string_view cut = "…";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using Ends = std::vector<std::size_t>;

std::uint32_t code_of(std::string_view unit) {
  const auto first = static_cast<unsigned char>(unit.front());
  if (unit.size() == 1) return first;
  std::uint32_t code = first & (0x7FU >> unit.size());
  for (const char next : unit.substr(1)) code = (code << 6) | (static_cast<unsigned char>(next) & 0x3FU);
  return code;
}

/// The number at this position, with at least `least` and at most `most` digits; none if there are fewer.
struct Number {
  std::uint32_t value = 0;
  std::size_t end = 0;
};
std::optional<Number> number_at(std::string_view text, std::size_t at, std::size_t least, std::size_t most,
                                int base) {
  const std::string_view digits = text.substr(std::min(at, text.size()), most);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  const auto count = static_cast<std::size_t>(end - digits.data());
  if (error != std::errc() || count < least) return std::nullopt;
  return Number{value, at + count};
}

bool starts(std::string_view text, std::size_t at, std::string_view part) {
  return at <= text.size() && text.substr(at).starts_with(part);
}

char at_or_nul(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

std::size_t backslashes(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (count < (1U << deepest) && at_or_nul(text, at + count) == '\\') ++count;
  return count;
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// \n and similar escapes.
char short_escape(char letter) {
  constexpr std::pair<char, char> escapes[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'},
                                               {'f', '\f'}, {'v', '\v'}, {'a', '\a'}, {'e', '\x1b'}};
  for (const auto& [name, meaning] : escapes) {
    if (name == letter) return meaning;
  }
  return '\0';
}

/// \u0022, \U00000022, \u{22}, and surrogate pairs.
std::size_t unicode_escape(std::string_view text, std::size_t at, std::uint32_t code) {
  if (at_or_nul(text, at) == 'U') {
    const auto whole = number_at(text, at + 1, 8, 8, 16);
    return whole && whole->value == code ? whole->end : npos;
  }
  if (at_or_nul(text, at) != 'u') return npos;
  if (at_or_nul(text, at + 1) == '{') {
    const auto braced = number_at(text, at + 2, 1, 8, 16);
    return braced && braced->value == code && at_or_nul(text, braced->end) == '}' ? braced->end + 1 : npos;
  }
  const auto first = number_at(text, at + 1, 4, 4, 16);
  if (!first) return npos;
  if (first->value == code) return first->end;
  const std::size_t between = backslashes(text, first->end);
  if (code < 0x10000 || between == 0 || at_or_nul(text, first->end + between) != 'u') return npos;
  const auto second = number_at(text, first->end + between + 1, 4, 4, 16);
  if (!second || first->value != 0xD800 + ((code - 0x10000) >> 10)) return npos;
  return second->value == 0xDC00 + ((code - 0x10000) & 0x3FF) ? second->end : npos;
}

/// After backslashes, with any number of escaping levels.
void escaped_by_backslash(std::string_view unit, std::string_view text, std::size_t at, Ends& ends) {
  const std::size_t run = backslashes(text, at);
  if (run == 0) return;
  if (unit == "\\") {
    for (std::size_t count = 1; count <= run; count *= 2) ends.push_back(at + count);
  }
  const std::size_t letter = at + run;
  if (!is_word(unit.front()) && starts(text, letter, unit)) ends.push_back(letter + unit.size());
  const char found = at_or_nul(text, letter);
  if (unit.size() == 1 && found != '\0' && short_escape(found) == unit.front()) ends.push_back(letter + 1);
  if (const std::size_t end = unicode_escape(text, letter, code_of(unit)); end != npos) ends.push_back(end);
}

/// \xHH, byte by byte.
void escaped_as_bytes(std::string_view unit, std::string_view text, std::size_t at, Ends& ends) {
  for (const char byte : unit) {
    const std::size_t run = backslashes(text, at);
    if (run == 0 || at_or_nul(text, at + run) != 'x') return;
    const auto number = number_at(text, at + run + 1, 2, 2, 16);
    if (!number || number->value != static_cast<unsigned char>(byte)) return;
    at = number->end;
  }
  ends.push_back(at);
}

/// %HH, byte by byte, even if the % was encoded again.
void escaped_by_percent(std::string_view unit, std::string_view text, std::size_t at, Ends& ends) {
  if (unit == " " && at_or_nul(text, at) == '+') ends.push_back(at + 1);
  Ends places{at};
  for (const char byte : unit) {
    Ends next;
    for (std::size_t place : places) {
      if (at_or_nul(text, place) != '%') continue;
      ++place;
      for (std::size_t depth = 0; depth <= deepest; ++depth, place += 2) {
        const auto number = number_at(text, place, 2, 2, 16);
        if (number && number->value == static_cast<unsigned char>(byte)) next.push_back(number->end);
        if (!starts(text, place, "25")) break;
      }
    }
    places = std::move(next);
  }
  ends.insert(ends.end(), places.begin(), places.end());
}

/// &quot; &#34; &#x22;, even if the & was escaped again.
void escaped_as_entity(std::string_view unit, std::string_view text, std::size_t at, Ends& ends) {
  if (at_or_nul(text, at) != '&') return;
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"\"", "quot;"}, {"<", "lt;"}, {">", "gt;"}, {"'", "apos;"}, {" ", "nbsp;"}};
  const std::uint32_t code = code_of(unit);
  ++at;
  for (std::size_t depth = 0; depth <= deepest; ++depth, at += 4) {
    if (unit == "&" && depth > 0) ends.push_back(at);
    for (const auto& [character, name] : names) {
      if (unit == character && starts(text, at, name)) ends.push_back(at + name.size());
    }
    if (at_or_nul(text, at) == '#') {
      const bool hex = at_or_nul(text, at + 1) == 'x' || at_or_nul(text, at + 1) == 'X';
      const auto number = hex ? number_at(text, at + 2, 1, 8, 16) : number_at(text, at + 1, 1, 10, 10);
      if (number && number->value == code && at_or_nul(text, number->end) == ';')
        ends.push_back(number->end + 1);
    }
    if (!starts(text, at, "amp;")) return;
  }
}

/// 'it'\''s', 'it'"'"'s' of a shell.
void escaped_for_shell(std::string_view unit, std::string_view text, std::size_t at, Ends& ends) {
  if (unit != "'" || at_or_nul(text, at) != '\'') return;
  const std::size_t run = backslashes(text, at + 1);
  if (run > 0 && starts(text, at + 1 + run, "''")) ends.push_back(at + run + 3);
  for (const std::string_view quotes : {R"("'"')", R"(\"'\"')"}) {
    if (starts(text, at + 1, quotes)) ends.push_back(at + 1 + quotes.size());
  }
}

constexpr bool begins_escape(char c) { return std::string_view("\\%&+'").find(c) != npos; }

char upper_hex(char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; }

char url_digit(char c) { return c == '+' ? '-' : c == '/' ? '_' : c; }

bool is_base64(char c) { return base64_digits.find(c) != npos || c == '-' || c == '_'; }

std::string base64_of(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) out += base64_digits[(bits >> (count - 6)) & 0x3F];
  }
  return out;  // without digits that also hold bits of a next byte
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return out;
}

}  // namespace

SecretMask::SecretMask(const std::map<std::string, std::string>& secrets) {
  for (const auto& [value, instead] : secrets) {
    if (value.empty()) continue;
    add(value, instead, Form::text);
    if (value.size() < shortest_encoded) continue;
    add(hex_of(value), instead, Form::hex);
    for (std::size_t before = 0; before < 3; ++before) {
      const std::string digits = base64_of(std::string(before, '\0') + value);
      const std::size_t own = (before * 8 + 5) / 6;  // earlier digits hold bits of the preceding bytes
      add(std::string_view(digits).substr(own), instead, Form::base64, before > 0,
          (before + value.size()) % 3 != 0);
    }
  }
  std::ranges::stable_sort(needles_, std::ranges::greater{}, [](const Needle& needle) {
    // By the length of the secret: its encoded forms are longer.
    return needle.form == Form::text ? needle.units.size() : needle.units.size() / 2;
  });
}

void SecretMask::add(std::string_view value, const std::string& instead, Form form, bool open_front,
                     bool open_back) {
  Needle needle;
  while (!value.empty()) {
    needle.units.emplace_back(character_at_front(value));
    value.remove_prefix(needle.units.back().size());
  }
  needle.instead = instead;
  needle.form = form;
  needle.open_front = open_front;
  needle.open_back = open_back;
  needles_.push_back(std::move(needle));
}

/// The other spelling of a digit in an encoded form; the digit itself if there is none.
char SecretMask::other_digit(const Needle& needle, char digit) {
  switch (needle.form) {
    case Form::text:
      return digit;
    case Form::base64:
      return url_digit(digit);
    case Form::hex:
      return upper_hex(digit);
  }
  return digit;
}

/// Where the needle that begins here ends; npos if it does not match.
std::size_t SecretMask::match(const Needle& needle, std::string_view text, std::size_t at) {
  Ends places{at};
  for (std::size_t i = 0; i < needle.units.size(); ++i) {
    const std::string& unit = needle.units[i];
    Ends next;
    for (const std::size_t place : places) {
      if (starts(text, place, unit)) next.push_back(place + unit.size());
      const char found = at_or_nul(text, place);
      if (const char other = other_digit(needle, unit.front()); other != unit.front() && found == other)
        next.push_back(place + 1);
      if (!begins_escape(found)) continue;
      escaped_by_backslash(unit, text, place, next);
      escaped_as_bytes(unit, text, place, next);
      escaped_by_percent(unit, text, place, next);
      escaped_as_entity(unit, text, place, next);
      escaped_for_shell(unit, text, place, next);
    }
    if (next.empty()) {
      const auto end =
          std::ranges::find_if(places, [&](std::size_t place) { return starts(text, place, cut); });
      return i >= least_before_cut && end != places.end() ? *end : npos;
    }
    std::ranges::sort(next);
    next.erase(std::unique(next.begin(), next.end()), next.end());
    places = std::move(next);
  }
  return places.back();
}

std::string SecretMask::mask(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Needle* found = nullptr;
    std::size_t end = npos;
    for (const Needle& needle : needles_) {
      const char first = needle.units.front().front();
      if (text[at] != first && text[at] != other_digit(needle, first) && !begins_escape(text[at])) continue;
      end = match(needle, text, at);
      if (end == npos) continue;
      found = &needle;
      break;
    }
    if (found == nullptr) {
      out += text[at++];
      continue;
    }
    if (found->open_front && !out.empty() && is_base64(out.back())) out.pop_back();
    if (found->open_back && end < text.size() && is_base64(text[end])) ++end;
    out += found->instead;
    at = end;
  }
  return out;
}

}  // namespace wsfault::report
