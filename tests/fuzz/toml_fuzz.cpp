// libFuzzer target: any bytes as a scenario file, printed diagnostics, units, bounds and regular expressions.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "value/bound.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"
#include "value/toml.hpp"

namespace {

using namespace wsfault;

void require(bool holds) {
  if (!holds) std::abort();
}

/// What was read survives a round trip through JSON; a wrong key is printed.
void read_as_toml(std::string_view text) {
  Diagnostics diagnostics("fuzz.toml", std::string(text));
  const std::optional<Value> value = parse_toml(text, diagnostics);
  require(value.has_value() == diagnostics.ok());
  if (value) {
    require(parse_json(to_json(*value)) == *value);
    TableReader reader(*value, diagnostics, "the file");
    reader.text("title");
    reader.duration("within");
    reader.count_bound("count");
    reader.finish();
  }
  require(diagnostics.ok() == diagnostics.print().empty());
}

void read_as_text(std::string_view text) {
  if (const auto duration = parse_duration(text)) {
    require(duration->count() >= 0 && *duration <= longest_duration);
    require(static_cast<bool>(parse_duration(format_duration(*duration))));
  }
  if (const auto size = parse_size(text)) require(!format_size(*size).empty());
  if (const auto bound = parse_count_bound(text))
    require(static_cast<bool>(parse_count_bound(to_string(*bound))));
  if (const auto bound = parse_duration_bound(text)) require(!to_string(*bound).empty());
  if (const auto pattern = TextPattern::parse(text)) {
    pattern->captures(text);
    require(pattern->to_string() == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_as_toml(text);
  read_as_text(text);
  return 0;
}
