// The neutral value tree that scenario files (TOML) and logs (JSON) are read into, with the place of every value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wsfault {

/// 1-based line and column in the source; 0 where the value came from no file.
struct Place {
  int line = 0;
  int column = 0;
};

class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Table = std::vector<Member>;  ///< in the order of the file

  Value() = default;
  template <typename T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Value>)
  Value(T&& content) {
    using U = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<U, bool> || std::is_same_v<U, Array> || std::is_same_v<U, Table>) {
      content_ = std::forward<T>(content);
    } else if constexpr (std::is_integral_v<U>) {
      content_ = static_cast<std::int64_t>(content);
    } else if constexpr (std::is_floating_point_v<U>) {
      content_ = static_cast<double>(content);
    } else {
      content_ = std::string(std::forward<T>(content));
    }
  }

  bool is_null() const { return content_.index() == 0; }
  const bool* boolean() const { return std::get_if<bool>(&content_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&content_); }
  const double* real() const { return std::get_if<double>(&content_); }
  const std::string* text() const { return std::get_if<std::string>(&content_); }
  const Array* array() const { return std::get_if<Array>(&content_); }
  const Table* table() const { return std::get_if<Table>(&content_); }
  Array* array() { return std::get_if<Array>(&content_); }
  Table* table() { return std::get_if<Table>(&content_); }

  /// Of a table: the member's value, or null.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Of a table: adds the member or replaces its value. A null value becomes a table.
  void set(std::string_view key, Value value);
  void erase(std::string_view key);

  /// "a string", "an integer", "a table" … for messages.
  std::string_view type_name() const;

  Place place;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table> content_;
};

struct Value::Member {
  std::string key;
  Place place;
  Value value;
};

/// Compact JSON; places are not kept.
std::string to_json(const Value& value);
/// Any JSON text; places are line 1 and no column.
Value parse_json(std::string_view text);  // throws std::runtime_error with a sentence

}  // namespace wsfault
