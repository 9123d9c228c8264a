// docs/results.md shows what is really printed.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "report/console.hpp"
#include "report/json_report.hpp"
#include "report/sample.hpp"

namespace wsfault::report {
namespace {

std::string results_page() {
  std::ifstream in(WSFAULT_SOURCE_DIR "/docs/results.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Without the first lines up to `begin`.
std::string from(const std::string& text, const std::string& begin) { return text.substr(text.find(begin)); }

TEST(Docs, ShowTheBlockOfAFailure) {
  std::string block = print_case(sample::failed(), {});
  block.pop_back();  // the empty line between cases
  EXPECT_NE(results_page().find("```" + block + "```\n"), std::string::npos);
}

TEST(Docs, ShowTheSummary) {
  EXPECT_NE(results_page().find("```\n" + print_summary(sample::run(), {}) + "```\n"), std::string::npos);
}

TEST(Docs, ShowTheJsonOfACase) {
  RunSummary summary = sample::run();
  summary.cases = {sample::failed()};
  std::string one = from(print_json_report(summary), "      \"id\"");
  one = one.substr(0, one.find("\n    }\n"));
  EXPECT_NE(results_page().find(one), std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
