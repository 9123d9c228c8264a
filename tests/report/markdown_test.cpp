// The Markdown summary: what a reviewer sees, and that hostile text is shown as text.
#include "report/markdown.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Markdown, NamesWhatNeedsALookAndFoldsItsBlock) {
  const std::string text = print_markdown(sample::told(sample::run()));
  EXPECT_TRUE(sample::is_printed("summary.md", text));
  EXPECT_TRUE(has(text, "</pre>\n\n</details>\n\n<details><summary>inconclusive")) << text;
}

TEST(Markdown, OfARunWithoutFailures) {
  EXPECT_EQ(print_markdown(sample::told({.cases = {sample::passed()}, .seed = 7})),
            "## wsfault: nothing failed\n\n1 case in 0.00s: 1 passed; seed 7\n");
}

TEST(Markdown, HostileTextIsNoMarkup) {
  RunSummary summary;
  CaseResult result = sample::hostile();
  result.reason = "| <script>alert(1)</script> `x` **b** [a](http://x) @team #1\n</pre></details>";
  result.title = "</pre></details><img src=x>\n\n# heading";
  summary.cases = {result};
  const std::string text = print_markdown(sample::told(summary));
  EXPECT_FALSE(has(text, "<script") || has(text, "<img")) << text;
  const std::string table =
      text.substr(0, text.find("<details>"));  // after it is <pre>, where only HTML is markup
  EXPECT_FALSE(has(table, "[a](") || has(table, "@team") || has(table, "**b**")) << table;
  EXPECT_TRUE(has(text, "| failed | evil/&#60;&#38;&#62;")) << text;
  EXPECT_TRUE(has(text, "&#124; &#60;script&#62;alert(1)")) << text;
  EXPECT_EQ(text.find("</pre>"), text.rfind("</pre>")) << text;
}

TEST(Markdown, ManyFailuresFitIntoASummary) {
  RunSummary summary;
  for (int i = 0; i < 1000; ++i) summary.cases.push_back(sample::failed());
  const std::string text = print_markdown(sample::told(summary));
  EXPECT_LT(text.size(), most_markdown_blocks + 1000);
  EXPECT_TRUE(has(text, "… and 800 more")) << text.substr(0, 500);
  EXPECT_TRUE(has(text, " more are in the log of the job.")) << text.substr(text.size() - 200);
}

}  // namespace
}  // namespace wsfault::report
