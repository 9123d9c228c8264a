// Values as TOML writes them, on one line: an expectation is shown as its author wrote it.
#include <fmt/format.h>

#include "verdict/expectation_values.hpp"

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

}  // namespace wsfault::verdict
