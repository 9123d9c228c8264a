#include "verdict/expect/codes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

std::optional<model::CodeRange> code_range(const Value& value, const CodeSpace& space) {
  if (const std::string* text = value.text(); text && space.has_classes && text->size() == 3) {
    const char digit = text->front();
    if (text->ends_with("xx") && digit >= '1' && digit <= '5') {
      const int first = (digit - '0') * 100;
      return model::CodeRange{first, first + 99};
    }
  }
  const auto range = model::read_code_range(value);
  return range && range->first >= space.lowest && range->last <= space.highest ? range : std::nullopt;
}

}  // namespace

bool Codes::contains(int code) const {
  return any ||
         std::ranges::any_of(ranges, [&](const model::CodeRange& range) { return range.contains(code); });
}

std::string to_string(const Codes& codes) {
  if (codes.any) return "any";
  std::string text;
  for (const model::CodeRange& range : codes.ranges) {
    if (!text.empty()) text += " or ";
    text += std::to_string(range.first);
    if (range.last != range.first) text += fmt::format("-{}", range.last);
  }
  return text;
}

std::optional<Codes> read_codes(TableReader& table, std::string_view key, const CodeSpace& space) {
  const Value& value = *table.raw(key);
  Codes codes;
  if (value.text() && *value.text() == "any") {
    codes.any = true;
    return codes;
  }
  const Value::Array one{value};
  for (const Value& each : value.array() ? *value.array() : one) {
    if (const auto range = code_range(each, space)) {
      codes.ranges.push_back(*range);
    } else {
      wrong(table, each, key, space.takes);
      return std::nullopt;
    }
  }
  if (!codes.ranges.empty()) return codes;
  wrong(table, value, key, space.takes);
  return std::nullopt;
}

schema::Object codes_schema(const CodeSpace& space, std::string_view words) {
  const std::string range = fmt::format(R"(^([0-9]+(-[0-9]+)?|{})$|\$\{{)", words);
  return schema::one_or_list(
      schema::any_of({schema::integer(space.lowest, space.highest), schema::pattern(range)}));
}

}  // namespace wsfault::verdict
