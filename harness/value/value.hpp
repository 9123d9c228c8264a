// The neutral value tree for scenario files (TOML) and logs (JSON), with the place of every value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace wsfault {

/// 1-based line and column in the source; 0 if the value did not come from a file.
struct Place {
  int line = 0;
  int column = 0;
};

class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Table = std::vector<Member>;  ///< in the order of the file

  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();
  /// Booleans, numbers (those beyond int64 wrap), lists, tables, and anything convertible to a string.
  template <typename T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Value>) Value(T&& content)
      : content_(std::in_place_type<Stored<std::remove_cvref_t<T>>>, std::forward<T>(content)) {}

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

  /// "a string", "an integer", "a table" …, for messages.
  std::string_view type_name() const;

  /// Equal content; places are ignored, the order of a table's members is not.
  bool operator==(const Value& other) const;

  Place place;

 private:
  template <typename T>
  static constexpr bool kept_as_it_is =
      std::is_same_v<T, bool> || std::is_same_v<T, Array> || std::is_same_v<T, Table>;
  template <typename T>
  using Stored = std::conditional_t<
      kept_as_it_is<T>, T,
      std::conditional_t<std::is_integral_v<T>, std::int64_t,
                         std::conditional_t<std::is_floating_point_v<T>, double, std::string>>>;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table> content_;
};

struct Value::Member {
  std::string key;
  Place place;
  Value value;

  bool operator==(const Member& other) const { return key == other.key && value == other.value; }
};

/// Compact JSON; places are not kept. Text that is not UTF-8 becomes {"hex": "…"}, a number that is not
/// finite null.
std::string to_json(const Value& value);
/// Any JSON text; places are line 1 with no column. A duplicate key in one object is an error.
Value parse_json(std::string_view text);  // throws std::runtime_error with a sentence

}  // namespace wsfault
