// A system that sends or prints without end: its case ends at the deadline, a signal ends the run, and memory
// is bounded.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* client_scenario = R"(
title    = "A client that never stops"
role     = "client"
deadline = "2s"

[[fault]]
inject = "reset"
when   = "idle 1s"
)";

constexpr const char* server_scenario = R"(
title    = "A server that never stops"
role     = "server"
deadline = "2s"

[[client]]
steps = [{ send = "hello" }, { expect = "hello", within = "1s" }, { close = 1000 }]
)";

struct Flood {
  const char* name;
  const char* kind;
  bool client;      // else a server
  const char* cut;  // what the log leaves out; null: perhaps nothing
};

std::vector<std::string> run_of(const Flood& flood, const Folder& folder) {
  const std::string program = std::string(WSFAULT_SOURCE_DIR) + "/tests/e2e/floods/flood.py";
  std::vector<std::string> arguments = {
      "run", folder.write("flood.toml", flood.client ? client_scenario : server_scenario)};
  if (flood.client) {
    arguments.insert(arguments.end(),
                     {"--client", fmt::format("exec python3 {} {} client ${{url}}", program, flood.kind)});
  } else {
    arguments.insert(arguments.end(),
                     {"--system", folder.write("system.toml", fmt::format(R"(
name  = "flood"
role  = "server"
start = ["python3", "{}", "{}", "server", "${{listen_host}}", "${{listen_port}}"]
)",
                                                                          program, flood.kind))});
  }
  arguments.insert(arguments.end(), {"--json", (folder.path() / "results.json").string()});
  return arguments;
}

class Floods : public testing::TestWithParam<Flood> {};

TEST_P(Floods, EndWithTheDeadline) {
  const Folder folder;
  const auto began = Clock::now();
  const Finished finished = run_program(run_of(GetParam(), folder));
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(12)) << finished.out;
  EXPECT_GE(finished.code, 0) << finished.out;
  const std::string results = text_of(folder.path() / "results.json");
  if (GetParam().cut) {
    EXPECT_TRUE(has(results, fmt::format("\"{}\":", GetParam().cut))) << results;
  }
}

TEST_P(Floods, EndWithASignal) {
  const Folder folder;
  Program program(run_of(GetParam(), folder));
  // The program, its warden, a keeper, and the system.
  ASSERT_TRUE(eventually([&] { return program.marked().size() >= 4; }));
  program.signal(SIGTERM);
  const auto began = Clock::now();
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(6));
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Floods,
                         testing::Values(Flood{"ClientPings", "pings", true, nullptr},
                                         Flood{"ClientCloses", "closes", true, "closes"},
                                         Flood{"ClientFragments", "fragments", true, nullptr},
                                         Flood{"ClientMessages", "messages", true, nullptr},
                                         Flood{"ClientLines", "lines", true, "output"},
                                         Flood{"ClientReports", "reports", true, nullptr},
                                         Flood{"ClientEndlessLine", "endless-line", true, "output"},
                                         Flood{"ServerPings", "pings", false, nullptr},
                                         Flood{"ServerInterim", "interim", false, "answers"},
                                         Flood{"ServerCloses", "closes", false, "closes"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FloodOfOutput, FitsIntoLittleMemory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer keeps 256 MiB of what was freed";
#endif
  const Folder folder;
  run_program(run_of({"Lines", "lines", true, "output"}, folder));
  rusage usage{};
  ASSERT_EQ(::getrusage(RUSAGE_CHILDREN, &usage), 0);
  EXPECT_LT(usage.ru_maxrss, 300 * 1024) << "KiB";
}

}  // namespace
}  // namespace wsfault::e2e
