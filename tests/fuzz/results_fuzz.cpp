// Any bytes as one or several results, JSON or JUnit, as `wsfault merge` reads them. A line of "=====" is
// between two files.
#include <string>
#include <string_view>
#include <vector>

#include "property.hpp"
#include "report/console.hpp"
#include "report/json_report.hpp"
#include "report/markdown.hpp"
#include "report/merge.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

std::vector<report::ResultsFile> files_in(std::string_view text) {
  constexpr std::string_view between = "\n=====\n";
  std::vector<report::ResultsFile> files;
  for (;;) {
    const std::size_t end = text.find(between);
    files.push_back({"results-" + std::to_string(files.size() + 1), std::string(text.substr(0, end))});
    if (end == std::string_view::npos || files.size() == 8) return files;
    text.remove_prefix(end + between.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto files = files_in({reinterpret_cast<const char*>(data), size});
  const auto merged = report::merge(files);
  if (!merged) {
    const std::string& error = merged.error();
    require(error.find("results-") != std::string::npos || error.starts_with("the shards have "),
            "an error names the files, but for what they lack together");
    return 0;
  }
  for (const report::CaseResult& result : merged->summary.cases) report::print_case(result, {});
  report::print_summary(merged->summary, {});
  report::print_markdown(merged->summary);
  if (!merged->json.empty()) {
    const auto again = report::merge({{"merged", merged->json}});
    require(static_cast<bool>(again), "what was merged can be read");
    require(again->json == merged->json, "what was merged and is merged again is the same text");
  }
  const auto junit = report::merge({{"merged", merged->junit}});
  require(static_cast<bool>(junit), "merged JUnit can be read");
  require(junit->summary.cases.size() == merged->summary.cases.size(), "JUnit has every case");
  return 0;
}
