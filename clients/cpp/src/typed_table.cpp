#include "typed_table.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "value/diagnostic.hpp"
#include "value/toml.hpp"

namespace wsfault::client {
namespace {

constexpr std::string_view key_before = "_=";  // an inline table is the value of a key

Place moved(Place place) {
  if (place.line == 1) place.column -= static_cast<int>(key_before.size());
  return place;
}

void move_back(Value& value) {
  value.place = moved(value.place);
  if (Value::Table* table = value.table()) {
    for (Value::Member& member : *table) {
      member.place = moved(member.place);
      move_back(member.value);
    }
  } else if (Value::Array* array = value.array()) {
    for (Value& each : *array) move_back(each);
  }
}

/// RFC 6901 4.
std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escaped = token[i] == '~' && i + 1 < token.size();
    out += !escaped ? token[i] : token[i + 1] == '1' ? '/' : '~';
    i += escaped ? 1 : 0;
  }
  return out;
}

struct Found {
  Place place;
  std::string rest;  ///< of the pointer, which the text does not have
};

/// Of the nearest value that the text has; a member's place is its key where only that is at fault.
Found find(const Value& root, std::string_view pointer) {
  const Value* at = &root;
  while (pointer.starts_with('/')) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string token = unescaped(pointer.substr(1, end - 1));
    const Value* next = at->find(token);
    if (const Value::Array* array = at->array()) {
      std::size_t index = array->size();
      std::from_chars(token.data(), token.data() + token.size(), index);
      next = index < array->size() ? &(*array)[index] : nullptr;
    }
    if (next == nullptr) break;
    at = next;
    pointer.remove_prefix(end);
  }
  return {at->place, std::string(pointer)};
}

}  // namespace

Result<Value> read_typed_table(const std::string& name, std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_inline = first != std::string_view::npos && text[first] == '{';
  if (is_inline) {
    try {
      return parse_json(text);
    } catch (const std::runtime_error&) {
      // Then it is TOML, or its errors are said as TOML's.
    }
  }
  Diagnostics diagnostics(name, std::string(text));
  if (!is_inline) {
    auto table = parse_toml(text, diagnostics);
    if (!table) return Error{diagnostics.print()};
    return *std::move(table);
  }
  const std::string line = std::string(key_before) + std::string(text);
  Diagnostics of_line(name, line);
  auto tree = parse_toml(line, of_line);
  for (const Diagnostic& each : of_line.errors())
    diagnostics.error(moved(each.place), each.message, each.hint);
  if (!tree) return Error{diagnostics.print()};
  Value* table = tree->find(key_before.substr(0, 1));
  if (tree->table()->size() != 1) {
    diagnostics.error(moved((*tree->table())[1].place), "there is more after the table",
                      "one table stands in { }");
    return Error{diagnostics.print()};
  }
  move_back(*table);
  return std::move(*table);
}

std::string print_in_place(const std::string& name, std::string_view text, const Value& table,
                           const std::vector<WsfaultError::Detail>& errors) {
  Diagnostics diagnostics(name, std::string(text));
  for (const WsfaultError::Detail& each : errors) {
    const Found found = find(table, each.pointer);
    // What was added to the text, or JSON, which has no places.
    const bool has_place = found.place.column > 0;
    const std::string where = has_place || each.pointer.empty() ? "" : each.pointer + ": ";
    diagnostics.error(has_place ? found.place : Place{}, where + each.detail, each.hint);
  }
  return diagnostics.print();
}

}  // namespace wsfault::client
