// `run --server`: a server that is running already, and what is said where it cannot be used.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* echo = R"(title = "It echoes"
role  = "server"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";

/// A port of 127.0.0.1 on which nobody listens.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

std::string all_files_below(const std::filesystem::path& folder) {
  std::ostringstream text;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    text << std::ifstream(entry.path()).rdbuf();
  return text.str();
}

struct Wrong {
  std::vector<std::string> options;
  int code;
  std::string says;
};

TEST(RunningServer, WhatIsWrongIsSaidInOneSentenceBeforeAnythingRuns) {
  Folder folder;
  const std::string scenario = folder.write("echo.toml", echo);
  const std::string no_certificate = folder.write("ca.pem", "nothing\n");
  const std::string nobody = "ws://127.0.0.1:" + std::to_string(free_port());
  const Wrong rows[] = {
      {{"--server", "ftp://h/"}, 2, "it must begin with ws:// or wss://"},
      {{"--server", nobody}, 3, "Connection refused"},
      {{"--server", "ws://nowhere.invalid/"}, 3, "cannot resolve nowhere.invalid"},
      {{"--server", nobody, "--header", "Authorization"}, 2, "must be 'NAME: VALUE'"},
      {{"--server", nobody, "--header", "X Y: z"}, 2, "character 2 (' ') cannot stand in a field name"},
      {{"--server", nobody, "--header", "A: ${env:WSFAULT_NO_SUCH}"}, 2, "no variable WSFAULT_NO_SUCH"},
      {{"--server", nobody, "--subprotocol", "a b"}, 2, "--subprotocol 'a b': must be a token"},
      {{"--server", nobody, "--ca", no_certificate}, 2, "--ca is for a --server that is wss://"},
      {{"--server", "wss://127.0.0.1:1", "--ca", no_certificate}, 2, "ca.pem: there is no certificate in it"},
      {{"--server", "wss://127.0.0.1:1", "--ca", "/nowhere.pem"}, 2, "/nowhere.pem: No such file"},
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
  const std::string scenario = folder.write("echo.toml", echo);
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  Program server({"reference", "server", "--listen", address});
  ::setenv("WSFAULT_TEST_TOKEN", "a-secret-token", 1);
  Finished run;
  const auto passes = [&] {
    run = run_program({"run", scenario, "--server", "ws://" + address + "/chat", "--header",
                       "Authorization: Bearer ${env:WSFAULT_TEST_TOKEN}", "--log", folder.path() / "log",
                       "--log-all"});
    return run.code == 0;
  };
  EXPECT_TRUE(eventually(passes)) << run.out;
  const std::string log = all_files_below(folder.path() / "log");
  EXPECT_NE(log.find("GET"), std::string::npos) << log;
  EXPECT_NE(log.find("Authorization"), std::string::npos) << log;
  EXPECT_EQ(log.find("a-secret-token"), std::string::npos) << log;
  server.signal(SIGTERM);
  server.wait();
}

}  // namespace
}  // namespace wsfault::e2e
