#include "network/possible.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "net/file_descriptor.hpp"
#include "network/namespaces.hpp"
#include "network/rules.hpp"

extern char** environ;

namespace wsfault::network {
namespace {

constexpr int limit_milliseconds = 10'000;

/// What it prints until it ends, at most for the limit.
std::string read_all(int from) {
  std::string said;
  std::array<char, 1024> buffer;
  for (;;) {
    pollfd wanted{from, POLLIN, 0};
    if (::poll(&wanted, 1, limit_milliseconds) <= 0) return "it does not come to an end";
    const ssize_t size = ::read(from, buffer.data(), buffer.size());
    if (size <= 0) return said;
    said.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string why_impossible(const std::string& program) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const net::FileDescriptor out(ends[0]);
  net::FileDescriptor in(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.get(), 1);
  std::string name = program;
  std::string subcommand = "network";
  std::array<char*, 3> words{name.data(), subcommand.data(), nullptr};
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return "the process that would try it does not start";
  in.reset();
  std::string said = read_all(out.get());
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (said == "possible") return {};
  return said.empty() ? "the process that tried it ended without a word" : said;
}

int try_network() {
  Namespaces namespaces;
  std::string wrong = namespaces.make();
  if (wrong.empty()) wrong = run_rules("add table inet wsfault");
  fmt::print("{}", wrong.empty() ? "possible" : wrong);
  return wrong.empty() ? 0 : 1;
}

}  // namespace wsfault::network
