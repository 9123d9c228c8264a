// TOML into the value tree, with toml++: members in file order, every place kept.
#include "value/toml.hpp"

#include <algorithm>
#include <cmath>

#include "value/tomlplusplus.hpp"
#include "wire/utf8.hpp"

namespace wsfault {
namespace {

constexpr int deepest = 100;

Place place_of(const toml::source_position& position) {
  return {static_cast<int>(position.line), static_cast<int>(position.column)};
}

/// The first byte that cannot be UTF-8; none if all bytes are valid.
std::optional<Place> first_invalid(std::string_view text) {
  if (wire::is_utf8(text)) return std::nullopt;
  wire::Utf8Check check;
  Place next{1, 1};
  Place character = next;  // where the current one began: an invalid character is reported there
  for (const char byte : text) {
    if (check.complete()) character = next;
    if (!check.feed({&byte, 1})) break;
    if (!check.complete()) continue;
    next = byte == '\n' ? Place{next.line + 1, 1} : Place{next.line, next.column + 1};
  }
  return character;
}

/// toml++ counts a text's last newline into its line where the text ends too early.
Place inside(Place place, std::string_view text) {
  std::string_view line = text;
  for (int number = 1; number < place.line && line.find('\n') != std::string_view::npos; ++number)
    line.remove_prefix(line.find('\n') + 1);
  line = line.substr(0, line.find('\n'));
  const auto is_first_byte = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
  const auto characters = static_cast<int>(std::ranges::count_if(line, is_first_byte));
  return {place.line, std::min(place.column, characters + 1)};
}

/// "Error while parsing string: unknown escape" becomes "not TOML: unknown escape (in the string)".
std::string sentence_of(std::string_view description) {
  constexpr std::string_view prefix = "Error while parsing ";
  if (!description.starts_with(prefix)) return "not TOML: " + std::string(description);
  description.remove_prefix(prefix.size());
  const auto colon = description.find(": ");
  if (colon == std::string_view::npos) return "not TOML: " + std::string(description);
  const std::string_view context = description.substr(0, colon);
  return "not TOML: " + std::string(description.substr(colon + 2)) + " (in the " + std::string(context) + ")";
}

class Converter {
 public:
  explicit Converter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  Value convert(const toml::node& node, int depth = 0) {
    Value value = content(node, depth);
    value.place = place_of(node.source().begin);
    return value;
  }

 private:
  Value content(const toml::node& node, int depth) {
    if (depth > deepest) return refuse(node, "tables and lists are nested too deeply");
    switch (node.type()) {
      case toml::node_type::table:
        return members(*node.as_table(), depth);
      case toml::node_type::array:
        return elements(*node.as_array(), depth);
      case toml::node_type::string:
        return node.as_string()->get();
      case toml::node_type::integer:
        return node.as_integer()->get();
      case toml::node_type::boolean:
        return node.as_boolean()->get();
      case toml::node_type::floating_point: {
        const double number = node.as_floating_point()->get();
        return std::isfinite(number) ? Value(number)
                                     : refuse(node, "no key takes a number that is not finite");
      }
      case toml::node_type::date:
      case toml::node_type::time:
      case toml::node_type::date_time:
        return refuse(node, "no key takes a date or a time of day", "durations are strings like \"250ms\"");
      case toml::node_type::none:
        break;
    }
    return {};
  }

  Value members(const toml::table& table, int depth) {
    Value::Table members;
    for (auto&& [key, node] : table) {
      members.push_back({std::string(key.str()), place_of(key.source().begin), convert(node, depth + 1)});
    }
    // toml++ orders them by name
    std::ranges::stable_sort(members, {}, [](const Value::Member& member) {
      return std::pair(member.place.line, member.place.column);
    });
    return members;
  }

  Value elements(const toml::array& array, int depth) {
    Value::Array elements;
    for (const toml::node& node : array) elements.push_back(convert(node, depth + 1));
    return elements;
  }

  Value refuse(const toml::node& node, std::string message, std::string hint = {}) {
    diagnostics_.error(place_of(node.source().begin), std::move(message), std::move(hint));
    return {};
  }

  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Value> parse_toml(std::string_view text, Diagnostics& diagnostics) {
  if (const auto place = first_invalid(text)) {
    diagnostics.error(*place, "not TOML: this is not UTF-8");
    return std::nullopt;
  }
  const toml::parse_result parsed = toml::parse(text);
  if (parsed.failed()) {
    const toml::parse_error& failure = parsed.error();
    diagnostics.error(inside(place_of(failure.source().begin), text), sentence_of(failure.description()));
    return std::nullopt;
  }
  const std::size_t errors_before = diagnostics.errors().size();
  Value root = Converter(diagnostics).convert(parsed.table());
  if (diagnostics.errors().size() > errors_before) return std::nullopt;
  return root;
}

}  // namespace wsfault
