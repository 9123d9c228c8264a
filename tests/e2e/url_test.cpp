// A URL is requested as typed, wherever it is given, and a system's `path` as written.
#include <gtest/gtest.h>

#include <csignal>
#include <regex>
#include <set>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* of_server = R"(title = "A client says hello"
role  = "server"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";
constexpr const char* of_client = R"(title = "It opens"
role     = "client"
deadline = "5s"

[[expect]]
event = "open"
)";
constexpr const char* of_gateway = R"(title = "A client says hello through it"
role  = "gateway"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";

/// The request targets, from all request lines in the logs.
std::set<std::string> targets_in(const std::filesystem::path& logs) {
  std::set<std::string> targets;
  const std::regex target("\"target\":\"([^\"]*)\"");
  for (const auto& entry : std::filesystem::directory_iterator(logs)) {
    if (entry.path().extension() != ".jsonl") continue;
    const std::string text = text_of(entry.path());
    for (std::sregex_iterator each(text.begin(), text.end(), target); each != std::sregex_iterator(); ++each)
      targets.insert((*each)[1]);
  }
  return targets;
}

/// Runs it against an already running system, once that is up; returns the request targets.
std::set<std::string> targets_of(std::vector<std::string> arguments) {
  Finished run;
  std::set<std::string> targets;
  const auto passes = [&] {
    Folder folder;
    std::vector<std::string> all = {"run"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--log", folder.path() / "log", "--log-all"});
    run = run_program(all);
    if (run.code == 0) targets = targets_in(folder.path() / "log");
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  return targets;
}

using Targets = std::set<std::string>;

TEST(Url, OfAServerIsAskedForAsTyped) {
  Folder folder;
  const std::string scenario = folder.write("hello.toml", of_server);
  const std::string own_path =
      folder.write("own.toml", std::string(of_server) + "request = { path = \"/own?y=2\" }\n");
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  Program server({"reference", "server", "--listen", address});
  for (const char* path : {"/", "/chat", "/chat/", "/chat?token=a", "/a%2Fb/../c?x=%41+%20"})
    EXPECT_EQ(targets_of({scenario, "--server", "ws://" + address + path}), Targets{path});
  EXPECT_EQ(targets_of({scenario, "--server", "ws://" + address}), Targets{"/"});
  EXPECT_EQ(targets_of({scenario, "--server", "ws://" + address + "?x=1"}), Targets{"/?x=1"});
  // A scenario's target is not joined to another path.
  EXPECT_EQ(targets_of({own_path, "--server", "ws://" + address + "/chat"}), Targets{"/own?y=2"});
  const std::string system = folder.write(
      "there.toml", "name = \"t\"\nrole = \"server\"\nurl = \"ws://" + address + "/from/file?x=1\"\n");
  EXPECT_EQ(targets_of({scenario, "--system", system}), Targets{"/from/file?x=1"});
  const std::string upstream = folder.write("opens.toml", of_client);
  EXPECT_EQ(targets_of({upstream, "--upstream", "ws://" + address + "/chat?x=1"}), Targets{"/chat?x=1"});
  const std::string written = folder.write(
      "written.toml", std::string(of_client) + "\n[upstream]\nurl = \"ws://" + address + "/of/scenario\"\n");
  EXPECT_EQ(targets_of({written}), Targets{"/of/scenario"});
  server.signal(SIGTERM);
  server.wait();
}

TEST(Url, OfAGatewayIsAskedForAsTyped) {
  Folder folder;
  const std::string scenario = folder.write("hello.toml", of_gateway);
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  const std::string upstream = "127.0.0.1:" + std::to_string(free_port());
  Program gateway({"reference", "gateway", "--listen", address, "--upstream", upstream});
  EXPECT_EQ(
      targets_of({scenario, "--gateway", "ws://" + address + "/chat?x=1", "--upstream-listen", upstream}),
      Targets{"/chat?x=1"});
  gateway.signal(SIGTERM);
  gateway.wait();
}

std::string system_of(const std::string& role, const std::string& start, const std::string& more) {
  return "name = \"s\"\nrole = \"" + role + "\"\nstart = [\"" WSFAULT_PROGRAM "\", \"reference\", \"" + role +
         "\", " + start + "]\npath = \"/chat?x=1\"\n" + more;
}

TEST(Path, OfASystemThatIsStartedIsAskedFor) {
  Folder folder;
  const std::string client =
      folder.write("client.toml", system_of("client", "\"--url\", \"${url}\"", "report = \"json\"\n"));
  const std::string server =
      folder.write("server.toml", system_of("server", "\"--listen\", \"${listen}\"", ""));
  const std::string gateway = folder.write(
      "gateway.toml", system_of("gateway", "\"--listen\", \"${listen}\", \"--upstream\", \"${upstream}\"",
                                "kind = \"http\"\n"));
  const std::string shared = folder.write(
      "shared.toml", system_of("gateway", "\"--listen\", \"${listen}\", \"--upstream\", \"${upstream}\"",
                               "kind = \"http\"\nshare = true\n"));
  const std::string to_client = folder.write("opens.toml", of_client);
  const std::string to_server = folder.write("hello.toml", of_server);
  const std::string to_gateway = folder.write("through.toml", of_gateway);
  EXPECT_EQ(targets_of({to_client, "--system", client}), Targets{"/chat?x=1"});
  EXPECT_EQ(targets_of({to_server, "--system", server}), Targets{"/chat?x=1"});
  EXPECT_EQ(targets_of({to_gateway, "--system", gateway}), Targets{"/chat?x=1"});
  EXPECT_EQ(targets_of({to_gateway, "--system", shared}), Targets{"/chat?x=1"});
  const std::string own =
      folder.write("own.toml", std::string(of_server) + "request = { path = \"/own\" }\n");
  EXPECT_EQ(targets_of({own, "--system", server}), Targets{"/own"});
}

}  // namespace
}  // namespace wsfault::e2e
