// Programs that take their time to start: nothing of what came before their first attempt is held against them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

Finished run_late(std::string_view scenario, std::string_view seconds, std::vector<std::string> options) {
  const Folder folder;
  std::vector<std::string> arguments{
      "run", folder.write("late.toml", std::string(scenario)), "--client",
      fmt::format("sleep {}; exec {} reference client --url ${{url}}", seconds, WSFAULT_PROGRAM)};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_program(arguments);
}

// The default deadline is 10 s here, scaled to 3, and a first sign of the client is waited for as long: the fault comes
// later than both, and in time for the client.
TEST(SlowStart, ItsTimeCountsFromItsFirstAttempt) {
  const Finished finished = run_late(R"(title = "The server resets"
role  = "client"
appropriate = false

[[fault]]
inject = "reset"
when   = "open"
after  = "1500ms"
)",
                                     "5", {"--timeout-scale", "0.3"});
  EXPECT_EQ(finished.code, 0) << finished.out;
}

// With a SYN that is dropped, the client would have waited; it was not there yet.
TEST(SlowStart, AnOutageThatWasOverByThenProvesNothing) {
  const Finished finished = run_late(R"(title = "The server is dark at first"
role  = "client"

[[fault]]
inject = "dark"
when   = "start"
lasts  = "1s"

[[expect]]
event  = "open"
since  = "healed dark"
within = "5s"
)",
                                     "2", {});
  EXPECT_EQ(finished.code, 3) << finished.out;
  // A busy machine may heal it some milliseconds later: 1.001s.
  EXPECT_TRUE(std::regex_search(finished.out,
                                std::regex(R"(no attempt to connect came in the 1(\.\d+)?s that it lasted)")))
      << finished.out;
}

}  // namespace
}  // namespace wsfault::e2e
