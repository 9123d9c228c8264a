// Any bytes as a line that a client prints.
#include <string_view>

#include "property.hpp"
#include "record/json.hpp"
#include "runner/report_line.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wsfault;
  using namespace wsfault::fuzz;
  const auto report = runner::parse_report({reinterpret_cast<const char*>(data), size});
  if (!report) return 0;
  const std::string line = record::to_json({.what = *report});
  const auto again = record::event_from_json(line);
  require(static_cast<bool>(again), "a report can be read from the log");
  require(record::to_json(*again) == line, "a report that was written again is the same text");
  return 0;
}
