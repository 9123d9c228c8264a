// Any bytes as a line between a run and its upstream process, in both directions; what is served is read as a
// table.
#include <string>
#include <string_view>

#include "property.hpp"
#include "runner/upstream_lines.hpp"
#include "scenario/load.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

template <typename Message>
void check(const Result<Message>& read, Result<Message> (*read_line)(std::string_view)) {
  if (!read) return require(!read.error().empty(), "a broken line has an error");
  const std::string line = runner::to_line(*read);
  require(line.find('\n') == std::string::npos, "a line is one line");
  const auto again = read_line(line);
  require(static_cast<bool>(again), "a line that was written can be read");
  require(runner::to_line(*again) == line, "a line that was written again is the same text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto order = runner::read_order(line);
  check(order, runner::read_order);
  check(runner::read_notice(line), runner::read_notice);
  if (!order) return 0;
  if (const auto* serve = std::get_if<runner::ServeOrder>(&*order)) {
    Diagnostics diagnostics("the order", "");
    const auto upstream = scenario::read_upstream(serve->upstream, diagnostics);
    require(upstream.has_value() == diagnostics.ok(), "an upstream is read, or has errors");
  }
  return 0;
}
