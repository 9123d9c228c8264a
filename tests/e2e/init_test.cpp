// The files written by `wsfault init` run: green for a correct system and red for a defective one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

struct Start {
  const char* role;
  const char* command;  ///< what follows the program's path
  const char* defect;   ///< one that the written scenarios must refute
};

class Init : public testing::TestWithParam<Start> {
 protected:
  Finished init(const Folder& folder, const std::string& command) {
    return run_program({"init", GetParam().role, "--command", command, "--folder", folder.path() / "wsfault",
                        "--ci", "gitlab", "--name", "a \"name\" with \\"});
  }
};

TEST_P(Init, WritesWhatRunsGreen) {
  Folder folder;
  const Finished run = init(folder, fmt::format("exec {} {}", WSFAULT_PROGRAM, GetParam().command));
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_NE(run.out.find("2 cases in"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("2 passed"), std::string::npos) << run.out;
  const std::string recipe = text_of(folder.path() / "wsfault" / "gitlab-ci.yml");
  EXPECT_NE(recipe.find("/system.toml --junit wsfault-junit.xml"), std::string::npos) << recipe;
}

TEST_P(Init, RunsRedWhereTheSystemFails) {
  Folder folder;
  const Finished run = init(
      folder, fmt::format("exec {} {} --defect {}", WSFAULT_PROGRAM, GetParam().command, GetParam().defect));
  EXPECT_EQ(run.code, 1) << run.out;
}

INSTANTIATE_TEST_SUITE_P(
    EverySeat, Init,
    testing::Values(Start{"client", "reference client --url ${url}", "wrong-code"},
                    Start{"gateway", "reference gateway --listen ${listen} --upstream ${upstream}",
                          "answers-200"},
                    Start{"server", "reference server --listen ${listen}", "dies-on-bad-frame"}),
    [](const auto& info) { return std::string(info.param.role); });

TEST(InitFiles, NothingIsReplacedUnasked) {
  Folder folder;
  const std::string mine = folder.write("wsfault/system.toml", "mine\n");
  const std::vector<std::string> command = {"init",        "client",   "--command",
                                            "true ${url}", "--folder", folder.path() / "wsfault",
                                            "--ci",        "none",     "--no-run"};
  const Finished refused = run_program(command);
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_NE(refused.out.find("system.toml is there already; --force replaces it"), std::string::npos)
      << refused.out;
  EXPECT_EQ(text_of(mine), "mine\n");
  std::vector<std::string> forced = command;
  forced.push_back("--force");
  EXPECT_EQ(run_program(forced).code, 0);
  EXPECT_NE(text_of(mine), "mine\n");
}

TEST(InitFiles, WhatIsMissingIsSaid) {
  struct Wrong {
    std::vector<std::string> arguments;
    std::string says;
  };
  const Wrong rows[] = {
      {{"client"}, "init client needs --command 'node app.js ${url}'"},
      {{"client", "--url", "ws://h"}, "a client has no --url"},
      {{"server"}, "init server needs --command 'node server.js ${listen_port}', or --url"},
      {{"server", "--url", "http://h"}, "it must begin with ws:// or wss://"},
      {{"gateway", "--url", "ws://h"}, "needs --upstream-listen HOST:PORT"},
      {{"gateway", "--url", "ws://h", "--upstream-listen", "9000"}, "must be HOST:PORT"},
      {{"peer"}, "peer not in"},
  };
  for (const Wrong& row : rows) {
    std::vector<std::string> arguments = {"init"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_NE(run.out.find(row.says), std::string::npos) << run.out;
  }
}

}  // namespace
}  // namespace wsfault::e2e
