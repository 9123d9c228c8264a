// docs/results.md and docs/verdicts.md show what is really printed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "report/console.hpp"
#include "report/github.hpp"
#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/sample.hpp"
#include "report/verdict_tables.hpp"
#include "scenario/standard_traits.hpp"

namespace wsfault::report {
namespace {

std::string results_page() {
  std::ifstream in(WSFAULT_SOURCE_DIR "/docs/results.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The text from `begin` on.
std::string from(const std::string& text, const std::string& begin) { return text.substr(text.find(begin)); }

/// docs/verdicts.md with every table as the program prints it.
std::string with_tables(std::string page) {
  for (const Seat& seat : seats()) {
    const std::string begin = "<!-- table: " + std::string(seat.name) + " -->\n";
    const std::size_t from = page.find(begin);
    if (from == std::string::npos) return "there is no table of " + std::string(seat.name);
    const std::size_t after = from + begin.size();
    const std::size_t end = page.find("<!-- end -->", after);
    page.replace(after, end - after, "\n" + print_table_markdown(seat) + "\n");
  }
  const std::string begin = "<!-- table: causes -->\n";
  const std::size_t from = page.find(begin);
  if (from == std::string::npos) return "there is no table of causes";
  const std::size_t after = from + begin.size();
  return page.replace(after, page.find("<!-- end -->", after) - after, "\n" + print_causes_markdown() + "\n");
}

/// With WSFAULT_PRINT_SAMPLES set it rewrites the page.
TEST(Docs, ShowTheTablesOfTheOracleAndOfTheCauses) {
  const char* file = WSFAULT_SOURCE_DIR "/docs/verdicts.md";
  std::ifstream in(file);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::string printed = with_tables(page);
  if (std::getenv("WSFAULT_PRINT_SAMPLES")) std::ofstream(file) << printed;
  EXPECT_EQ(page, printed);
}

TEST(Docs, ShowEveryTrait) {
  std::ifstream in(WSFAULT_SOURCE_DIR "/docs/scenarios.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const scenario::StandardTrait& trait : scenario::standard_traits()) {
    if (trait.meaning.empty()) continue;
    const std::string row = "| `" + std::string(trait.name) + "` | " + std::string(trait.meaning) + " |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(Docs, ShowTheBlockOfAFailure) {
  std::string block = print_case(sample::told(sample::failed()), {});
  block.pop_back();  // the empty line between cases
  EXPECT_NE(results_page().find("```" + block + "```\n"), std::string::npos);
}

TEST(Docs, ShowTheSummary) {
  EXPECT_NE(results_page().find("```\n" + print_summary(sample::run(), {}) + "```\n"), std::string::npos);
}

TEST(Docs, ShowTheJsonOfACase) {
  RunSummary summary = sample::run();
  summary.cases = {sample::failed()};
  std::string one = from(print_json_report(sample::told(summary)), "      \"id\"");
  one = one.substr(0, one.find("\n    }\n"));
  EXPECT_NE(results_page().find(one), std::string::npos);
}

/// The page's lines from the one with this beginning to the end of the block, without those with a "…".
std::vector<std::string> block_from(const std::string& begin) {
  const std::string page = results_page();
  const std::size_t start = page.find(begin);
  std::istringstream block(page.substr(start, page.find("\n```", start) - start));
  std::vector<std::string> lines;
  for (std::string line; std::getline(block, line);) {
    if (line.find("…") == std::string::npos) lines.push_back(line);
  }
  return lines;
}

TEST(Docs, ShowLinesOfARealLogOfRealXmlAndOfARealSummary) {
  const struct {
    const char* begin;
    std::string whole;
  } blocks[] = {{R"({"type":"run_started")", sample::text_of("1006-server-crash.jsonl")},
                {"<?xml", print_junit(sample::told(sample::run()))},
                {"::error", print_github(sample::run(), {})},
                {"## wsfault", print_markdown(sample::told(sample::run()))}};
  for (const auto& block : blocks) {
    const std::vector<std::string> lines = block_from(block.begin);
    EXPECT_FALSE(lines.empty()) << block.begin;
    for (const std::string& line : lines) EXPECT_NE(block.whole.find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace wsfault::report
