// Nothing outlives a run: however it ends, none of its processes and folders is left.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* long_scenario = R"(
title = "A case that is under way for long"
role  = "client"
deadline = "50s"

[[expect]]
never = { close = "any" }
for   = "40s"
)";

struct Ending {
  const char* name;
  int signal;
  int code;
};

struct Launch {
  const char* name;
  const char* command;
  std::size_t processes;  // of the system, at least
};

class Cleanup : public testing::TestWithParam<std::tuple<Ending, Launch>> {};

TEST_P(Cleanup, LeavesNothing) {
  const auto& [ending, launch] = GetParam();
  Folder folder;
  const std::string scenario = folder.write("long.toml", long_scenario);
  Program program({"run", scenario, "--client", launch.command});
  // The program, its warden, a keeper, and the system's own processes.
  ASSERT_TRUE(eventually([&] { return program.marked().size() >= 3 + launch.processes; }))
      << "only " << program.marked().size() << " processes came up";
  program.signal(ending.signal);
  EXPECT_EQ(program.wait().code, ending.code);
  EXPECT_TRUE(eventually([&] { return program.marked().empty(); })) << program.marked().size() << " are left";
  EXPECT_TRUE(eventually([&] { return program.left_no_folder(); }));
}

INSTANTIATE_TEST_SUITE_P(
    EveryEnd, Cleanup,
    testing::Combine(
        testing::Values(Ending{"CtrlC", SIGINT, 130}, Ending{"Term", SIGTERM, 130},
                        Ending{"Kill", SIGKILL, -SIGKILL}),
        testing::Values(Launch{"Plain", "exec sleep 1000", 1},
                        Launch{"ShellWithChildren", "sleep 1000 & sleep 1000 & wait; true ${url}", 3},
                        Launch{"IgnoresSignals", "trap '' TERM INT HUP; sleep 1000; sleep 1000", 2},
                        Launch{"Daemonises", "(setsid sleep 1000 >/dev/null 2>&1 &) ; exec sleep 1000", 2})),
    [](const auto& info) {
      return std::string(std::get<0>(info.param).name) + std::get<1>(info.param).name;
    });

// One gateway for all cases: it belongs to the run, and ends with it.
class SharedGatewayCleanup : public testing::TestWithParam<Ending> {};

TEST_P(SharedGatewayCleanup, LeavesNothing) {
  Folder folder;
  const std::string system = folder.write("system.toml", fmt::format(R"(
name  = "shared"
role  = "gateway"
kind  = "http"
start = ["{}", "reference", "gateway", "--listen", "${{listen}}", "--upstream", "${{upstream}}"]
share = true
)",
                                                                     WSFAULT_PROGRAM));
  const std::string scenario = folder.write("long.toml", R"(
title = "A case that is under way for long"
role  = "gateway"
deadline = "50s"

[[client]]
steps = [{ wait = "40s" }, { close = 1000 }]

[[expect]]
never = { wire_close = "any" }
for   = "40s"
)");
  Program program({"run", scenario, "--system", system});
  // The program, its warden, a keeper, and the gateway.
  ASSERT_TRUE(eventually([&] { return program.marked().size() >= 4; }))
      << "only " << program.marked().size() << " processes came up";
  program.signal(GetParam().signal);
  const Finished finished = program.wait();
  EXPECT_EQ(finished.code, GetParam().code) << finished.out;
  EXPECT_TRUE(eventually([&] { return program.marked().empty(); })) << program.marked().size() << " are left";
  EXPECT_TRUE(eventually([&] { return program.left_no_folder(); }));
}

INSTANTIATE_TEST_SUITE_P(EveryEnd, SharedGatewayCleanup,
                         testing::Values(Ending{"CtrlC", SIGINT, 130}, Ending{"Term", SIGTERM, 130},
                                         Ending{"Kill", SIGKILL, -SIGKILL}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace wsfault::e2e
