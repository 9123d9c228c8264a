// Any bytes as TOML and as the small texts in it: durations, sizes, bounds, regular expressions, URLs.
#include <optional>
#include <string>
#include <string_view>

#include "places.hpp"
#include "property.hpp"
#include "value/bound.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"
#include "value/toml.hpp"
#include "value/units.hpp"
#include "value/url.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

/// What was read survives a round trip through JSON; a wrong key is printed.
void read_as_toml(std::string_view text) {
  Diagnostics diagnostics("fuzz.toml", std::string(text));
  const std::optional<Value> value = parse_toml(text, diagnostics);
  require(value.has_value() == diagnostics.ok(), "what is TOML has no error");
  if (!value) return require_places(diagnostics, text);
  require(parse_json(to_json(*value)) == *value, "what was TOML can be JSON");
  TableReader reader(*value, diagnostics, "the file");
  reader.text("title");
  reader.duration("within");
  reader.count_bound("count");
  reader.finish();
  if (!diagnostics.ok()) require_places(diagnostics, text);
}

void read_as_text(std::string_view text) {
  if (const auto duration = parse_duration(text)) {
    require(duration->count() >= 0 && *duration <= longest_duration, "a duration is in its range");
    require(static_cast<bool>(parse_duration(format_duration(*duration))), "a printed duration can be read");
  }
  if (const auto size = parse_size(text)) require(!format_size(*size).empty(), "a size is printed");
  if (const auto bound = parse_count_bound(text)) {
    const auto again = parse_count_bound(to_string(*bound));
    require(again && to_string(*again) == to_string(*bound), "a printed count is the same bound");
  }
  if (const auto bound = parse_duration_bound(text))
    require(static_cast<bool>(parse_duration_bound(to_string(*bound))), "a printed time is a bound");
  if (const auto pattern = TextPattern::parse(text)) {
    pattern->captures(text);
    require(pattern->to_string() == text, "a pattern is printed as it was");
  }
  parse_url(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_as_toml(text);
  read_as_text(text);
  return 0;
}
