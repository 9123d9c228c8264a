// Whole workflow commands: level, place, title, and nothing that could be another command.
#include "report/github.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

const Checkout checkout{"/home/runner/work/app/app", "/home/runner/work/app/app"};

TEST(Github, AnnotatesWhatNeedsALookAndWarnings) {
  EXPECT_TRUE(sample::is_printed("annotations.txt", print_github(sample::run(), checkout)));
}

TEST(Github, ARunThatCouldNotWorkIsAnErrorOfNoFile) {
  EXPECT_EQ(print_github({.stopped = "the client never connected\n  is ${url} in its command?"}, {}),
            "::error title=wsfault::the client never connected%0A  is ${url} in its command?\n");
}

TEST(Github, HostileTextStaysInItsProperty) {
  RunSummary summary;
  summary.cases = {sample::hostile()};
  summary.cases.front().file = "a,line=1::error file=b:100%\r\n::error::x.toml";
  summary.cases.front().id = "50%,title=x::y\n::error::z";
  const std::string text = print_github(summary, {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_EQ(
      text.find(R"(::error file=a%2Cline=1%3A%3Aerror file=b%3A100%25\r\n%3A%3Aerror%3A%3Ax.toml,line=9,)"
                R"(title=50%25%2Ctitle=x%3A%3Ay\n%3A%3Aerror%3A%3Az failed%3A )"),
      0U)
      << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Github, KnowsFilesByTheirPathInTheCheckout) {
  struct Row {
    const char* file;
    Checkout checkout;
    const char* shown;
  };
  for (const Row& row : {Row{"chaos/x.toml", {"/w/app/client", "/w/app"}, "client/chaos/x.toml"},
                         Row{"../chaos/x.toml", {"/w/app/client", "/w/app"}, "chaos/x.toml"},
                         Row{"/w/app/chaos/x.toml", {"/w/app", "/w/app"}, "chaos/x.toml"},
                         Row{"/opt/wsfault/x.toml", {"/w/app", "/w/app"}, "/opt/wsfault/x.toml"},
                         Row{"chaos/x.toml", {"/w/app", ""}, "chaos/x.toml"}}) {
    RunSummary summary;
    summary.cases = {sample::failed()};
    summary.cases.front().file = row.file;
    const std::string begin = std::string("::error file=") + row.shown + ",line=9,";
    EXPECT_EQ(print_github(summary, row.checkout).substr(0, begin.size()), begin);
  }
}

}  // namespace
}  // namespace wsfault::report
