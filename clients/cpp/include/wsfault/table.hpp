// A table in the words of wsfault's files: a fault, an expectation, a fake server.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "value/value.hpp"

namespace wsfault {

class Table;

/// A key with a text, a number, a boolean, a duration, a list (`Value::Array{1000, 1006}`) or a table.
struct Member {
  Member(std::string_view key, Value value) : key(key), value(std::move(value)) {}
  Member(std::string_view key, const Table& table);
  template <typename Count, typename Period>
  Member(std::string_view key, std::chrono::duration<Count, Period> duration)
      : Member(key, Value(duration_text(std::chrono::duration_cast<std::chrono::nanoseconds>(duration)))) {}

  std::string_view key;
  Value value;

 private:
  static std::string duration_text(std::chrono::nanoseconds duration);
};

/// `{{"close", 1006}, {"within", 1s}}`, or a text of TOML or JSON.
class Table {
 public:
  Table() : Table(Value(Value::Table{}), {}) {}
  Table(std::initializer_list<Member> members);

  /// `inject = "reset"` and more lines, or an inline table: `{ inject = "reset", when = "message 3" }`.
  /// Throws TableError.
  static Table toml(std::string_view text);
  /// An object. Throws TableError.
  static Table json(std::string_view text);

  const Value& value() const { return value_; }
  /// As it was written; empty where it was not a text. Errors of the API then say where in it they are.
  const std::string& text() const { return text_; }
  /// This, with another member, or another value of it.
  Table with(Member member) const;

 private:
  Table(Value value, std::string text) : value_(std::move(value)), text_(std::move(text)) {}

  Value value_;
  std::string text_;
};

namespace literals {
/// R"({ inject = "reset", when = "message 3" })"_toml
inline Table operator""_toml(const char* text, std::size_t size) { return Table::toml({text, size}); }
}  // namespace literals

}  // namespace wsfault
