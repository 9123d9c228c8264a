// Scripts in every seat: what they sent before they inject arrives, and what they wait for is waited for.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

// --- inject does not overtake

struct Seat {
  const char* name;
  const char* scenario;  ///< END: how the script ends TCP; FURTHER: what else is at work
};

constexpr Seat seats[] = {
    {"the upstream of a client", R"(title = "The server says its last words, and is gone"
role  = "client"
[upstream]
steps = [{ wait = "50ms" }, { send = { size = "300KiB" } }, { send = "last words" }, { inject = "END" }]
[[expect]]
message = "last words"
since   = "open"
within  = "5s"
)"},
    {"the upstream of a gateway", R"(title = "The backend says its last words, and is gone"
role  = "gateway"
kinds = ["tcp", "http"]
[upstream]
steps = [{ expect = "hi" }, { send = "last words" }, { inject = "END" }]
[[client]]
steps = [{ send = "hi" }, { expect = "last words" }, { mark = "heard" }]
[[expect]]
event  = "mark heard"
since  = "start"
within = "5s"
)"},
    {"the client of a gateway", R"(title = "The client says its last words, and is gone"
role  = "gateway"
[upstream]
steps = [{ expect = "last words" }, { mark = "heard" }]
[[client]]
steps = [{ wait = "50ms" }, { send = { size = "300KiB" } }, { send = "last words" }, { inject = "END" }]
[[expect]]
event  = "mark heard"
since  = "start"
within = "5s"
)"},
    {"an upstream in a process of its own",
     R"(title = "The server says its last words, and is gone; later it is killed"
role  = "client"
[upstream]
steps = [{ wait = "50ms" }, { send = { size = "300KiB" } }, { send = "last words" }, { inject = "END" }]
[[expect]]
message = "last words"
since   = "open"
within  = "5s"
[[fault]]
name   = "later"
inject = "kill"
at     = "upstream"
when   = "end"
after  = "50ms"
)"},
};

constexpr const char* slow = R"([[fault]]
name   = "slow"
inject = "latency"
latency = "300ms"
when   = "open"
connections = "all"
)";

// --- waiting for every moment

// --- parties that are waited for

constexpr const char* late = R"(title    = "The second client starts later"
role     = "server"
deadline = "4s"
[[client]]
name  = "first"
steps = [{ close = 1000 }]
[[client]]
name  = "second"
start = START
steps = [STEPS]
[[fault]]
name   = "sleep"
inject = "freeze"
at     = "sut"
when   = { moment = "end", of = "first" }
lasts  = "500ms"
)";

Finished run_late(const std::string& start, const std::string& steps) {
  const Folder folder;
  return run_program(
      {"run", folder.write("late.toml", replaced(replaced(late, "START", start), "STEPS", steps))});
}

TEST(ClientScript, IsWaitedForThoughItStartsLate) {
  const Finished heard =
      run_late("\"healed sleep\"", R"({ send = "x" }, { expect = "x" }, { close = 1000 })");
  EXPECT_EQ(heard.code, 0) << heard.out;
  const Finished unheard = run_late(
      "\"healed sleep\"", R"({ wait = "500ms" }, { send = "x" }, { expect = "y", within = "500ms" })");
  EXPECT_EQ(unheard.code, 1) << unheard.out;
  EXPECT_TRUE(has(unheard.out, "script of second")) << unheard.out;
}

TEST(ClientScript, WhoseStartNeverComesIsInconclusive) {
  const Finished run = run_late(R"({ moment = "message 9", of = "first" })", R"({ send = "x" })");
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_TRUE(has(run.out, "client second")) << run.out;
  EXPECT_TRUE(has(run.out, "message 9 of first")) << run.out;
}

// --- an upstream alone

}  // namespace
}  // namespace wsfault::e2e
