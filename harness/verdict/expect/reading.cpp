#include "verdict/expect/reading.hpp"

#include <fmt/format.h>

namespace wsfault::verdict {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string key_text(const std::string& key) {
  static constexpr std::string_view bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !key.empty() && key.find_first_not_of(bare) == std::string::npos ? key : quoted(key);
}

template <typename Items, typename Text>
std::string joined(const Items& items, Text text) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + text(item);
  return out;
}

}  // namespace

std::string as_written(const Value& value) {
  if (const bool* boolean = value.boolean()) return *boolean ? "true" : "false";
  if (const std::int64_t* integer = value.integer()) return std::to_string(*integer);
  if (const double* real = value.real()) return fmt::format("{}", *real);
  if (const std::string* text = value.text()) return quoted(*text);
  if (const Value::Array* array = value.array()) return "[" + joined(*array, as_written) + "]";
  if (const Value::Table* table = value.table()) {
    if (table->empty()) return "{}";
    const auto member_text = [](const Value::Member& member) {
      return key_text(member.key) + " = " + as_written(member.value);
    };
    return "{ " + joined(*table, member_text) + " }";
  }
  return "nothing";
}

void wrong(TableReader& table, const Value& value, std::string_view key, std::string_view takes) {
  table.error(value, fmt::format("\"{}\" cannot be {}", key, as_written(value)),
              fmt::format("it takes {}", takes));
}

bool is_regex(const Value& value) {
  return value.text() && value.text()->size() >= 2 && value.text()->starts_with('/') &&
         value.text()->ends_with('/');
}

schema::Object regex_schema() { return schema::pattern(R"(^/.*/$|\$\{)"); }

std::optional<TextPattern> pattern_of(TableReader& table, std::string_view key, const Value& value) {
  if (!value.text()) {
    wrong(table, value, key, "a text or a /regex/");
    return std::nullopt;
  }
  Result<TextPattern> pattern = TextPattern::parse(*value.text());
  if (pattern) return *std::move(pattern);
  table.error(value, fmt::format("\"{}\": {}", key, pattern.error()));
  return std::nullopt;
}

std::optional<TextPattern> read_pattern(TableReader& table, std::string_view key) {
  const Value* value = table.raw(key);
  return value ? pattern_of(table, key, *value) : std::nullopt;
}

HeaderPatterns read_headers(TableReader& table) {
  HeaderPatterns headers;
  const Value* value = table.raw("headers");
  if (!value) return headers;
  if (!value->table()) {
    wrong(table, *value, "headers", "a table: { Name = \"text\", Other = \"/regex/\" }");
    return headers;
  }
  for (const Value::Member& member : *value->table()) {
    if (auto pattern = pattern_of(table, member.key, member.value))
      headers.emplace_back(member.key, *pattern);
  }
  return headers;
}

std::string pattern_text(const TextPattern& pattern) {
  const std::string text = pattern.to_string();
  return text.starts_with('/') ? text : fmt::format("\"{}\"", text);
}

std::string headers_text(const HeaderPatterns& headers) {
  std::string text;
  for (const auto& [name, pattern] : headers) text += fmt::format(", {}: {}", name, pattern.to_string());
  return text;
}

}  // namespace wsfault::verdict
