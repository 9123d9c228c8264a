// Any bytes as a log: what can be read is written again, and judged as `wsfault judge` does.
#include <string>
#include <string_view>

#include "property.hpp"
#include "record/json.hpp"
#include "report/case_text.hpp"
#include "report/console.hpp"
#include "report/json_report.hpp"
#include "runner/judged_log.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

/// What `wsfault judge` prints and writes, or its error.
std::string judged(std::string_view log) {
  auto result = runner::judge_log(log, "fuzz.jsonl");
  if (!result) return result.error();
  report::RunSummary summary;
  summary.cases.push_back(*std::move(result));
  report::explain(summary.cases.front());
  return report::print_case(summary.cases.front(), {}) + report::print_summary(summary, {}) +
         report::print_json_report(summary);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto event = record::event_from_json(text)) {
    const std::string written = to_json(*event);
    const auto again = record::event_from_json(written);
    require(static_cast<bool>(again), "an event that was written can be read");
    require(to_json(*again) == written, "an event that was written again is the same text");
  }
  const auto log = record::log_from_json_lines(text);
  require(log || !log.error().empty(), "what is no log has an error");
  if (!log) return 0;
  const std::string written = record::to_json_lines(*log);
  const auto again = record::log_from_json_lines(written);
  require(static_cast<bool>(again), "a log that was written can be read");
  require(record::to_json_lines(*again) == written, "a log that was written again is the same text");
  require(judged(text) == judged(written), "the same log is judged in the same way");
  return 0;
}
