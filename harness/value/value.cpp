// Value: members of tables, names of types, equality.
#include "value/value.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace wsfault {

// Here, not inline: they are large, and GCC 12 warns about the variant when it can inline them.
Value::Value() = default;
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view key) const {
  const Table* members = table();
  if (members == nullptr) return nullptr;
  auto found = std::ranges::find(*members, key, &Member::key);
  return found == members->end() ? nullptr : &found->value;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

void Value::set(std::string_view key, Value value) {
  if (is_null()) content_ = Table{};
  assert(table() != nullptr);
  if (Value* present = find(key)) {
    *present = std::move(value);
    return;
  }
  const Place at = value.place;
  table()->push_back({std::string(key), at, std::move(value)});
}

void Value::erase(std::string_view key) {
  if (Table* members = table())
    std::erase_if(*members, [&](const Member& member) { return member.key == key; });
}

std::string_view Value::type_name() const {
  struct Name {
    std::string_view operator()(std::monostate) const { return "nothing"; }
    std::string_view operator()(bool) const { return "a boolean"; }
    std::string_view operator()(std::int64_t) const { return "an integer"; }
    std::string_view operator()(double) const { return "a number"; }
    std::string_view operator()(const std::string&) const { return "a string"; }
    std::string_view operator()(const Array&) const { return "a list"; }
    std::string_view operator()(const Table&) const { return "a table"; }
  };
  return std::visit(Name{}, content_);
}

bool Value::operator==(const Value& other) const { return content_ == other.content_; }

}  // namespace wsfault
