#include "control/json_body.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace wsfault::control {
namespace {

/// RFC 6901 3.
std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

void number(Value& value, const std::string& pointer, std::vector<std::string>& pointers) {
  pointers.push_back(pointer);
  value.place = {static_cast<int>(pointers.size()), 0};
  if (Value::Table* table = value.table()) {
    for (Value::Member& member : *table) {
      number(member.value, pointer + "/" + escaped(member.key), pointers);
      member.place = member.value.place;
    }
  } else if (Value::Array* array = value.array()) {
    for (std::size_t i = 0; i < array->size(); ++i) number((*array)[i], fmt::format("{}/{}", pointer, i), pointers);
  }
}

}  // namespace

std::string JsonBody::pointer_to(Place place) const {
  const auto index = static_cast<std::size_t>(place.line) - 1;
  return place.line > 0 && index < pointers.size() ? pointers[index] : std::string();
}

Result<JsonBody> read_json(std::string_view text) {
  JsonBody body;
  const bool is_empty = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  try {
    body.value = is_empty ? Value(Value::Table{}) : parse_json(text);
  } catch (const std::runtime_error& wrong) {
    return Error{wrong.what()};
  }
  number(body.value, "", body.pointers);
  return body;
}

}  // namespace wsfault::control
