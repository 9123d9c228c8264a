// `run --server`, `--gateway`, `--upstream`: systems that are already running, plain and with TLS, and the
// errors if they cannot be used.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <sstream>

#include "e2e/program.hpp"
#include "net/certificates.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* echoing = R"(title = "It echoes"
role  = "server"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";

std::string all_files_below(const std::filesystem::path& folder) {
  std::ostringstream text;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) text << text_of(entry.path());
  return text.str();
}

struct Wrong {
  std::vector<std::string> options;
  int code;
  std::string says;
};

TEST(RunningServer, WhatIsWrongIsSaidInOneSentenceBeforeAnythingRuns) {
  Folder folder;
  const std::string scenario = folder.write("echo.toml", echoing);
  const std::string no_certificate = folder.write("ca.pem", "nothing\n");
  const std::string nobody = "ws://127.0.0.1:" + std::to_string(free_port());
  const Wrong rows[] = {
      {{"--server", "ftp://h/"}, 2, "it must begin with ws:// or wss://"},
      {{"--server", nobody}, 3, "Connection refused"},
      {{"--server", nobody + "/chat?x=1"}, 3, "the server at " + nobody + "/chat?x=1: "},
      {{"--server", nobody + "/chat#part"}, 2, "--server: \"" + nobody + "/chat#part\" has a fragment"},
      {{"--server", "ws://me:hidden@127.0.0.1:1/"},
       2,
       "--server: \"ws://…@127.0.0.1:1\" has a user name in it"},
      {{"--server", nobody, "--header", "Authorization Bearer hidden"},
       2,
       "--header 'Authorization …': must be"},
      {{"--server", "ws://nowhere.invalid/"}, 3, "cannot resolve nowhere.invalid"},
      {{"--server", nobody, "--header", "Authorization"}, 2, "must be 'NAME: VALUE'"},
      {{"--server", nobody, "--header", "X Y: z"}, 2, "character 2 (' ') cannot stand in a field name"},
      {{"--server", nobody, "--header", "A: ${env:WSFAULT_NO_SUCH}"}, 2, "no variable WSFAULT_NO_SUCH"},
      {{"--server", nobody, "--subprotocol", "a b"}, 2, "--subprotocol 'a b': must be a token"},
      {{"--server", nobody, "--ca", no_certificate}, 2, "--ca is for a --server that is wss://"},
      {{"--server", "wss://127.0.0.1:1", "--ca", no_certificate}, 2, "ca.pem: there is no certificate in it"},
      {{"--server", "wss://127.0.0.1:1", "--ca", "/nowhere.pem"}, 2, "/nowhere.pem: No such file"},
      {{"--upstream", "wss://127.0.0.1:1", "--ca", "/nowhere.pem"}, 2, "/nowhere.pem: No such file"},
      {{"--upstream", nobody, "--ca", no_certificate}, 2, "--ca is for an --upstream that is wss://"},
      {{"--gateway", nobody, "--upstream-listen", "127.0.0.1:1", "--ca", no_certificate},
       2,
       "--ca is for a --gateway that is wss://"},
      {{"--gateway", "wss://127.0.0.1:1", "--upstream-listen", "127.0.0.1:1", "--kind", "tcp"},
       2,
       "one that forwards bytes (kind tcp) ends no TLS"},
      {{"1014/backend-down", "--gateway", nobody, "--upstream-listen", "127.0.0.1:1"},
       3,
       "the gateway at ws://127.0.0.1:"},
      {{"--ca", no_certificate}, 2, "--ca is for --server, --gateway and --upstream"},
  };
  for (const Wrong& row : rows) {
    std::vector<std::string> arguments = {"run", scenario};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, row.code) << run.out;
    EXPECT_NE(run.out.find(row.says), std::string::npos) << row.says << "\n" << run.out;
    EXPECT_EQ(run.out.find("It echoes"), std::string::npos) << run.out;
  }
}

TEST(RunningServer, IsAskedWithATokenThatNoLogShows) {
  Folder folder;
  const std::string scenario = folder.write("echo.toml", echoing);
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  Program server({"reference", "server", "--listen", address});
  ::setenv("WSFAULT_TEST_TOKEN", R"(a-"secret"<token>\)", 1);
  Finished run;
  const auto passes = [&] {
    run = run_program({"run", scenario, "--server", "ws://" + address + "/chat", "--header",
                       "Authorization: Bearer ${env:WSFAULT_TEST_TOKEN}", "--log", folder.path() / "log",
                       "--json", folder.path() / "results.json", "--log-all", "--junit",
                       folder.path() / "results.xml"});
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  const std::string log = all_files_below(folder.path() / "log");
  EXPECT_NE(log.find("GET"), std::string::npos) << log;
  EXPECT_NE(log.find("Authorization"), std::string::npos) << log;
  for (const std::string& text : {log, all_files_below(folder.path()), run.out})
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  server.signal(SIGTERM);
  server.wait();
}

/// A certificate for 127.0.0.1, and its authority.
struct Trust {
  explicit Trust(const std::filesystem::path& folder)
      : authority("an authority of this test", folder / "ca.pem"),
        files(authority.issue(folder / "server", {"127.0.0.1"})) {}
  net::CertificateAuthority authority;
  net::CertificateFiles files;
};

TEST(RunningServer, StandsBehindTheLinkInsideTls) {
  Folder folder;
  const Trust trust(folder.path());
  const std::string scenario =
      folder.write("reset.toml", R"(title = "The connection of a real wss server is reset"
role = "client"

[[fault]]
inject = "reset"
when = "message 2"

[[expect]]
close = 1006

[[expect]]
reconnect = true
)");
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  Program server({"reference", "server", "--listen", address, "--certificate", trust.files.certificate,
                  "--key", trust.files.key});
  Finished run;
  const auto passes = [&] {
    run = run_program(
        {"run", scenario, "--upstream", "wss://" + address + "/chat", "--ca", trust.authority.file()});
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  const std::string soon = folder.write("soon.toml", R"(title = "It opens"
role = "client"
deadline = "1s"

[[expect]]
event = "open"
)");
  const Finished untrusted = run_program({"run", soon, "--upstream", "wss://" + address + "/chat"});
  EXPECT_NE(untrusted.code, 0) << untrusted.out;
  EXPECT_NE(untrusted.out.find("certificate verify failed"), std::string::npos) << untrusted.out;
  server.signal(SIGTERM);
  server.wait();
}

TEST(RunningServer, IsAGatewayInsideTls) {
  Folder folder;
  const Trust trust(folder.path());
  const std::string scenario = folder.write("down.toml", R"(title = "The backend crashes"
role = "gateway"

[[fault]]
inject = "reset"
at = "back"
when = "message 2"

[[expect]]
close = [1006, 1014]
)");
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  const std::string upstream = "127.0.0.1:" + std::to_string(free_port());
  Program gateway({"reference", "gateway", "--listen", address, "--upstream", upstream, "--certificate",
                   trust.files.certificate, "--key", trust.files.key});
  const std::vector<std::string> command = {
      "run",    scenario, "--gateway",           "wss://" + address, "--upstream-listen",
      upstream, "--ca",   trust.authority.file()};
  Finished run;
  const auto passes = [&] {
    run = run_program(command);
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  gateway.signal(SIGTERM);
  gateway.wait();
}

}  // namespace
}  // namespace wsfault::e2e
