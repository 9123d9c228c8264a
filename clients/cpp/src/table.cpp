#include <fmt/format.h>

#include <wsfault/errors.hpp>
#include <wsfault/table.hpp>

#include "typed_table.hpp"

namespace wsfault {

Member::Member(std::string_view key, const Table& table) : key(key), value(table.value()) {}

std::string Member::duration_text(std::chrono::nanoseconds duration) {
  return fmt::format("{}ns", duration.count());
}

Table::Table(std::initializer_list<Member> members) : Table() {
  for (const Member& each : members) value_.set(each.key, each.value);
}

Table Table::toml(std::string_view text) {
  auto value = client::read_typed_table("the table", text);
  if (!value) throw TableError(value.error());
  return Table(*std::move(value), std::string(text));
}

Table Table::json(std::string_view text) {
  Value value;
  try {
    value = parse_json(text);
  } catch (const std::runtime_error& wrong) {
    throw TableError(std::string("the table: ") + wrong.what());
  }
  if (value.table() == nullptr)
    throw TableError(fmt::format("the table: an object is needed, found {}", value.type_name()));
  return Table(std::move(value), {});
}

Table Table::with(Member member) const {
  Table table = *this;
  table.value_.set(member.key, std::move(member.value));
  return table;
}

}  // namespace wsfault
