// Formats a JSON tree: flat objects and lists on one line if they fit.
#include "report/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>

#include "report/escape.hpp"

namespace wsfault::report {
namespace {

namespace json = boost::json;

constexpr std::size_t line_width = 100;

std::string print(const json::value& value, std::size_t depth);

std::string print_scalar(const json::value& value) {
  if (value.is_double()) return fmt::format("{}", value.get_double());
  return value.is_string() ? show_hidden_in_json(json::serialize(value)) : json::serialize(value);
}

bool is_flat(const json::value& value) { return !value.is_object() && !value.is_array(); }

std::string in_one_line(const json::value& value) {
  std::string out;
  if (const json::object* object = value.if_object()) {
    for (const auto& member : *object) {
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", json::serialize(json::string(member.key())),
                         in_one_line(member.value()));
    }
    return '{' + out + '}';
  }
  if (const json::array* array = value.if_array()) {
    for (const json::value& element : *array) out += (out.empty() ? "" : ", ") + in_one_line(element);
    return '[' + out + ']';
  }
  return print_scalar(value);
}

bool has_only_flat_members(const json::value& value) {
  if (const json::object* object = value.if_object()) {
    return std::ranges::all_of(*object, [](const auto& member) { return is_flat(member.value()); });
  }
  return std::ranges::all_of(value.get_array(), is_flat);
}

std::string print_lines(const json::value& value, std::size_t depth) {
  const std::string indent((depth + 1) * 2, ' ');
  const std::string end = '\n' + std::string(depth * 2, ' ');
  std::string out;
  if (const json::object* object = value.if_object()) {
    for (const auto& member : *object) {
      out += fmt::format("{}\n{}{}: {}", out.empty() ? "" : ",", indent,
                         json::serialize(json::string(member.key())), print(member.value(), depth + 1));
    }
    return '{' + out + end + '}';
  }
  for (const json::value& element : value.get_array()) {
    out += fmt::format("{}\n{}{}", out.empty() ? "" : ",", indent, print(element, depth + 1));
  }
  return '[' + out + end + ']';
}

std::string print(const json::value& value, std::size_t depth) {
  if (is_flat(value)) return print_scalar(value);
  if (has_only_flat_members(value)) {
    std::string line = in_one_line(value);
    if (line.size() + depth * 2 <= line_width) return line;
  }
  return print_lines(value, depth);
}

}  // namespace

std::string print_json(const json::value& value) { return print(value, 0) + '\n'; }

json::string json_string(std::string_view text) { return json::string(as_utf8(text)); }

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json_string(text);
}

double milliseconds(std::int64_t nanoseconds) {
  return std::round(static_cast<double>(nanoseconds) / 1e3) / 1e3;
}

}  // namespace wsfault::report
