#include "wire/field.hpp"

#include <algorithm>

namespace wsfault::wire {
namespace {

// <cctype> depends on the locale; HTTP is ASCII.
constexpr char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool equal_without_case(std::string_view first, std::string_view second) {
  return std::ranges::equal(first, second, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string_view until(std::string_view text, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == separator && !quoted) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::vector<std::string_view> values(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> found;
  for (const Header& header : headers) {
    if (equal_without_case(header.name, name)) found.push_back(trim(header.value));
  }
  return found;
}

std::vector<std::string_view> list_items(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> items;
  for (std::string_view rest : values(headers, name)) {
    while (!rest.empty()) {
      const std::string_view item = until(rest, ',');
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
      if (!trim(item).empty()) items.push_back(trim(item));
    }
  }
  return items;
}

}  // namespace wsfault::wire
