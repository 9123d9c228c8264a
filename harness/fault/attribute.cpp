// Attributes: one reader for each type, and the defaults.
#include "fault/attribute.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace wsfault::fault {
namespace {

std::optional<Value> read_headers(TableReader& table, const Attribute& attribute) {
  const Value* value = table.raw(attribute.name);
  if (value == nullptr) return std::nullopt;
  const Value::Table* members = value->table();
  if (members == nullptr) {
    table.error(*value, fmt::format("`{}` must be a table of header fields, found {}", attribute.name,
                                    value->type_name()));
    return std::nullopt;
  }
  for (const Value::Member& member : *members) {
    if (member.value.text() == nullptr) {
      table.error(member.value, fmt::format("the header field \"{}\" must be a string", member.key));
      return std::nullopt;
    }
  }
  return *value;
}

std::optional<Value> read_command(TableReader& table, const Attribute& attribute) {
  auto words = table.texts(attribute.name);
  if (!words) return std::nullopt;
  Value::Array array;
  for (std::string& word : *words) array.emplace_back(std::move(word));
  return Value(std::move(array));
}

std::optional<std::string> bytes_of_hex(const std::string& hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const char* pair = hex.data() + i;
    if (std::from_chars(pair, pair + 2, byte, 16).ptr != pair + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// A text, or bytes as { hex = "…" }.
std::optional<Value> read_text(TableReader& table, const Attribute& attribute) {
  if (!table.has(attribute.name)) return std::nullopt;
  const Value* value = table.raw(attribute.name);
  const Value* hex = value->find("hex");
  if (hex == nullptr || hex->text() == nullptr) {
    auto text = table.text(attribute.name);
    return text ? std::optional<Value>(*text) : std::nullopt;
  }
  auto bytes = bytes_of_hex(*hex->text());
  if (!bytes) {
    table.error(*hex, "`hex` must be pairs of hexadecimal digits");
    return std::nullopt;
  }
  return Value(*bytes);
}

std::optional<Value> read_integer(TableReader& table, const Attribute& attribute) {
  const auto number = table.integer(attribute.name, static_cast<std::int64_t>(attribute.low),
                                    static_cast<std::int64_t>(attribute.high));
  if (!number) return std::nullopt;
  if (!attribute.names.empty() &&
      std::ranges::find(attribute.names, std::to_string(*number)) == attribute.names.end()) {
    table.error(*table.raw(attribute.name),
                fmt::format("`{}` must be {}", attribute.name, describe_type(attribute)));
    return std::nullopt;
  }
  return Value(*number);
}

std::optional<Value> read_size(TableReader& table, const Attribute& attribute) {
  const auto size = table.size(attribute.name);
  if (!size) return std::nullopt;
  const auto bytes = static_cast<double>(*size);
  if (attribute.high > 0 && (bytes < attribute.low || bytes > attribute.high)) {
    table.error(*table.raw(attribute.name), fmt::format("`{}` must be {}, found {}", attribute.name,
                                                        describe_type(attribute), format_size(*size)));
    return std::nullopt;
  }
  return Value(static_cast<std::int64_t>(*size));
}

std::optional<Value> read_one(TableReader& table, const Attribute& attribute) {
  const auto wrap = [](const auto& content) {
    return content ? std::optional<Value>(Value(*content)) : std::nullopt;
  };
  switch (attribute.type) {
    case AttributeType::duration: {
      const auto duration = table.duration(attribute.name);
      return duration ? std::optional<Value>(Value(duration->count())) : std::nullopt;
    }
    case AttributeType::size:
      return read_size(table, attribute);
    case AttributeType::integer:
      return read_integer(table, attribute);
    case AttributeType::number:
      return wrap(table.number(attribute.name, attribute.low, attribute.high));
    case AttributeType::boolean:
      return wrap(table.boolean(attribute.name));
    case AttributeType::text:
      return read_text(table, attribute);
    case AttributeType::one_of:
      return wrap(table.one_of(attribute.name, attribute.names));
    case AttributeType::headers:
      return read_headers(table, attribute);
    case AttributeType::command:
      return read_command(table, attribute);
  }
  return std::nullopt;
}

Value fallback_value(const Attribute& attribute) {
  const std::string text(attribute.fallback);
  switch (attribute.type) {
    case AttributeType::duration:
      return Value(parse_duration(text)->count());
    case AttributeType::size:
      return Value(*parse_size(text));
    case AttributeType::integer:
      return Value(std::stoll(text));
    case AttributeType::number:
      return Value(std::stod(text));
    case AttributeType::boolean:
      return Value(text == "true");
    case AttributeType::text:
    case AttributeType::one_of:
      return Value(text);
    case AttributeType::headers:
    case AttributeType::command:
      break;
  }
  return {};
}

}  // namespace

Value read_attributes(TableReader& table, const Entry& entry) {
  Value attributes{Value::Table{}};
  for (const Attribute& attribute : entry.attributes) {
    if (table.raw(attribute.name) != nullptr) {
      if (auto value = read_one(table, attribute)) attributes.set(attribute.name, std::move(*value));
    } else if (!attribute.fallback.empty()) {
      attributes.set(attribute.name, fallback_value(attribute));
    } else if (!attribute.optional) {
      table.error(fmt::format("`{}` needs `{}`: {}", entry.name, attribute.name, attribute.doc),
                  describe_type(attribute));
    }
  }
  return attributes;
}

std::string describe_type(const Attribute& attribute) {
  switch (attribute.type) {
    case AttributeType::duration:
      return "a duration like \"250ms\"";
    case AttributeType::size:
      if (attribute.high == 0) return "a size like \"64KiB\"";
      return fmt::format("a size from {} to {}", format_size(static_cast<std::uint64_t>(attribute.low)),
                         format_size(static_cast<std::uint64_t>(attribute.high)));
    case AttributeType::integer:
      if (!attribute.names.empty()) return fmt::format("one of: {}", fmt::join(attribute.names, ", "));
      return fmt::format("an integer from {:.0f} to {:.0f}", attribute.low, attribute.high);
    case AttributeType::number:
      return fmt::format("a number from {} to {}", attribute.low, attribute.high);
    case AttributeType::boolean:
      return "true or false";
    case AttributeType::text:
      return "a string";
    case AttributeType::one_of:
      return fmt::format("one of: {}", fmt::join(attribute.names, ", "));
    case AttributeType::headers:
      return "a table of header fields, { Name = \"value\" }";
    case AttributeType::command:
      return "a list of strings";
  }
  return {};
}

}  // namespace wsfault::fault
