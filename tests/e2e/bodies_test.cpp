// Bodies of answers, from the wire to the verdict: in the log, in the timeline, in what an expectation saw.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

Finished run_case(const Folder& folder, const std::string& answer, const std::string& body) {
  const std::string file = folder.write("body.toml", fmt::format(R"(title = "The server says why"
role  = "client"
{}
[[expect]]
status = 403
body   = "{}"
within = "2s"
)",
                                                                 answer, body));
  return run_program({"run", file, "--log", (folder.path() / "logs").string(), "--log-all"});
}

constexpr const char* of_the_script = R"([upstream]
steps = [{ respond = 403, body = "access denied" }]
)";
constexpr const char* of_the_fault = R"([[fault]]
inject = "respond"
status = 403
body   = "access denied"
end    = "none"
)";

TEST(Body, IsJudgedAndKept) {
  for (const char* answer : {of_the_script, of_the_fault}) {
    Folder folder;
    const Finished right = run_case(folder, answer, "/denied/");
    EXPECT_EQ(right.code, 0) << right.out;
    const std::string log = text_of(folder.path() / "logs" / "body.jsonl");
    EXPECT_TRUE(has(log, R"("tap":"arrived","from":"server","size":13,"text":"access denied","whole":true)"))
        << log;

    const Finished wrong = run_case(folder, answer, "/expired/");
    EXPECT_EQ(wrong.code, 1) << wrong.out;
    EXPECT_TRUE(has(wrong.out, R"(it was answered 403 with body "access denied")")) << wrong.out;
    EXPECT_TRUE(has(wrong.out, R"(HTTP body "access denied" (13 bytes))")) << wrong.out;
    const Finished again = run_program({"judge", (folder.path() / "logs" / "body.jsonl").string()});
    EXPECT_EQ(again.code, 1) << again.out;
    EXPECT_TRUE(has(again.out, R"(it was answered 403 with body "access denied")")) << again.out;
  }
}

TEST(Body, ThatIsLongerThanTheLogKeepsIsInconclusive) {
  Folder folder;
  const std::string answer = fmt::format("[upstream]\nsteps = [{{ respond = 403, body = \"{}the end\" }}]\n",
                                         std::string(70'000, 'x'));
  const Finished unseen = run_case(folder, answer, "/the end/");
  EXPECT_EQ(unseen.code, 3) << unseen.out;
  EXPECT_TRUE(has(unseen.out, "inconclusive")) << unseen.out;
  const Finished seen = run_case(folder, answer, "/^x+/");
  EXPECT_EQ(seen.code, 0) << seen.out;
}

}  // namespace
}  // namespace wsfault::e2e
