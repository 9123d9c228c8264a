// External systems, which are not children of the run: how they find the links, what their commands do, and
// which cases cannot run on them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* server_resets = R"(title = "The server resets the connection"
role  = "client"

[[fault]]
inject = "reset"
when   = "message 2"

[[expect]]
reconnect = true
within    = "20s"
)";

constexpr const char* external = R"(name = "a device"
role = "client"
commands = { start = "true" }
)";

TEST(ExternalSystem, AClientThatComesByItselfMeetsTheFault) {
  Folder folder;
  const std::string scenario = folder.write("reset.toml", server_resets);
  const std::string system = folder.write("system.toml", external);
  const std::string address = fmt::format("127.0.0.1:{}", free_port());
  Program client({"reference", "client", "--url", "ws://" + address + "/"});
  const Finished run =
      run_program({"run", scenario, "--system", system, "--listen", address, "--repeat", "2"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_NE(run.out.find("2 cases"), std::string::npos) << run.out;
  client.signal(SIGTERM);
  client.wait();
}

TEST(ExternalSystem, TheSystemIsToldTheAdvertisedHost) {
  Folder folder;
  const std::string scenario = folder.write("reset.toml", server_resets);
  const Finished run =
      run_program({"run", scenario, "--listen", "127.0.0.1:0", "--advertise", "localhost", "--log",
                   folder.path() / "log", "--client",
                   fmt::format("echo ${{url}} >'{}'; exec {} reference client --url ${{url}}",
                               (folder.path() / "url").string(), WSFAULT_PROGRAM)});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_EQ(text_of(folder.path() / "url").find("ws://localhost:"), 0U) << text_of(folder.path() / "url");
}

TEST(ExternalSystem, ACommandThatFailsIsSaidWithItsLastWord) {
  Folder folder;
  const std::string scenario = folder.write("reset.toml", server_resets);
  const std::string system = folder.write("system.toml", R"(name = "a container"
role = "client"
commands = { start = "echo no such image >&2; exit 3" }
)");
  const Finished run = run_program({"run", scenario, "--system", system});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_NE(run.out.find("the command sh ended with exit code 3: no such image"), std::string::npos)
      << run.out;
}

TEST(ExternalSystem, WhatNoCommandCanDoIsSkippedWithTheReason) {
  Folder folder;
  const std::string scenario = folder.write("freeze.toml", R"(title = "The client is frozen"
role  = "client"

[[fault]]
inject = "freeze"
at     = "sut"
when   = "message 2"
)");
  const std::string system = folder.write("system.toml", external);
  const Finished run = run_program({"run", scenario, "--system", system});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_NE(run.out.find("`freeze` of a client that is no child of the run needs `commands.freeze`"),
            std::string::npos)
      << run.out;
}

struct WrongAddress {
  std::vector<std::string> options;
  std::string says;
};

TEST(ExternalSystem, WhereNobodyFindsItIsSaidBeforeTheRun) {
  Folder folder;
  const std::string scenario = folder.write("reset.toml", server_resets);
  const std::string server = folder.write("system.toml", R"(name = "x"
role = "server"
commands = { start = "true" }
)");
  const WrongAddress rows[] = {
      {{"--listen", "9000"}, "--listen \"9000\": must be HOST:PORT"},
      {{"--listen", "0.0.0.0:9000"}, "--advertise HOST says by which the system finds it"},
      {{"--advertise", "localhost"}, "--advertise needs --listen HOST:PORT"},
      {{"--server", "ws://127.0.0.1:1", "--listen", "127.0.0.1:1"}, "for systems that wsfault starts"},
      {{"--system", server}, "the system x has no `start`"},
  };
  for (const WrongAddress& row : rows) {
    std::vector<std::string> arguments = {"run", scenario};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_NE(run.out.find(row.says), std::string::npos) << row.says << "\n" << run.out;
  }
}

TEST(ExternalSystem, ASystemFileSaysWhereItsServerRuns) {
  Folder folder;
  const std::string scenario = folder.write("echo.toml", R"(title = "It echoes"
role  = "server"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)");
  const std::string address = fmt::format("127.0.0.1:{}", free_port());
  const std::string system = folder.write("system.toml", fmt::format(R"(name = "one that runs"
role = "server"
url  = "ws://{}/chat"
headers = {{ X-Tenant = "blue" }}
)",
                                                                     address));
  Program server({"reference", "server", "--listen", address});
  Finished run;
  const auto passes = [&] {
    run = run_program({"run", scenario, "--system", system, "--log", folder.path() / "log"});
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  server.signal(SIGTERM);
  server.wait();
}

}  // namespace
}  // namespace wsfault::e2e
