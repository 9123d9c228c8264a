#include "fault/preset.hpp"

#include <algorithm>
#include <charconv>

namespace wsfault::fault {
namespace {

Value value_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = failure == std::errc() && end == text.data() + text.size();
  return is_number ? Value(number) : Value(text);
}

}  // namespace

Value with_preset(Value table, const std::vector<Preset>& presets) {
  const Value* stated = table.find("preset");
  if (stated == nullptr || presets.empty()) return table;
  const auto named = [&](const Preset& each) { return stated->text() && *stated->text() == each.name; };
  const auto found = std::ranges::find_if(presets, named);
  const Place place = stated->place;
  for (const auto& [key, text] : (found == presets.end() ? presets.front() : *found).keys) {
    if (table.find(key) != nullptr) continue;
    Value value = value_of(text);
    value.place = place;
    table.set(key, std::move(value));
  }
  return table;
}

}  // namespace wsfault::fault
