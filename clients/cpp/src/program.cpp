#include "program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <wsfault/errors.hpp>

#include "read_answers.hpp"

extern char** environ;

namespace wsfault::client {
namespace {

// The shell stays in between: its read() ends with this process, even where that is killed, and no signal
// handler of ours is needed. It has let go of stdout by then, so the end of that is the end of the program.
constexpr const char* keeper =
    R"("$@" </dev/null & child=$!; exec >/dev/null 2>&1; read -r nothing; kill "$child"; wait "$child")";
constexpr std::size_t most_kept = 16 * 1024;

[[noreturn]] void fail(const char* what, int error) {
  throw WsfaultError("wsfault proxy", 0, fmt::format("{}: {}", what, std::strerror(error)));
}

/// Two ends that other children of this process do not get.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("a pipe", errno);
  }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) ::close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int take(std::size_t end) { return std::exchange(ends[end], -1); }

  std::array<int, 2> ends{-1, -1};
};

void close_if_open(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

std::string name_of(std::string program) {
  if (!program.empty()) return program;
  const char* named = std::getenv("WSFAULT");
  return named != nullptr && *named != '\0' ? named : "wsfault";
}

std::string trimmed(const std::string& text) {
  const std::size_t last = text.find_last_not_of(" \n");
  return last == std::string::npos ? std::string() : text.substr(0, last + 1);
}

}  // namespace

Program::Program(std::string program, const std::vector<std::string>& options)
    : named_(name_of(std::move(program))) {
  start(options);
  reader_ = std::thread([this] { read(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_over_ || !listens_.empty(); });
  address_ = listens_;
  lock.unlock();
  if (address_.empty()) {
    const int code = stop();
    throw WsfaultError("wsfault proxy", 0, why_not_started(code));
  }
}

Program::~Program() { stop(); }

void Program::start(const std::vector<std::string>& options) {
  std::vector<std::string> words = {"/bin/sh",   "-c",          keeper,         "wsfault", named_,    "proxy",
                                    "--control", "127.0.0.1:0", "--log-format", "json",    "--drain", "0"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  Pipe input;
  Pipe output;
  Pipe errors;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A session of its own: Ctrl-C is for the tests, which then end theirs in order.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  const int failed = ::posix_spawn(&keeper_, "/bin/sh", &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) fail("/bin/sh", failed);
  input_ = input.take(1);
  output_ = output.take(0);
  errors_ = errors.take(0);
}

int Program::stop() {
  close_if_open(input_);
  if (keeper_ > 0) {
    int status = 0;
    while (::waitpid(keeper_, &status, 0) < 0 && errno == EINTR) {
    }
    keeper_ = -1;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  if (reader_.joinable()) reader_.join();
  close_if_open(output_);
  close_if_open(errors_);
  return exit_code_;
}

std::string Program::why_gone() const {
  const std::lock_guard lock(mutex_);
  if (!is_over_) return {};
  const std::string said = trimmed(said_);
  return fmt::format("{} proxy, which was started here, has ended{}{}", named_, said.empty() ? "" : ": ",
                     said);
}

std::string Program::why_not_started(int code) const {
  const std::lock_guard lock(mutex_);
  const std::string said = trimmed(said_);
  if (code == 126 || code == 127)
    return fmt::format("{} cannot be run: {}; say where it is with WSFAULT or StartOptions::program", named_,
                       said);
  return fmt::format("{} proxy ended with exit code {}: {}", named_, code, said);
}

/// Until both have ended: what is not read would stop the program.
void Program::read() {
  std::string lines;
  std::array<pollfd, 2> watched = {{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
  std::array<char, 4096> buffer;
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (watched[i].fd < 0 || watched[i].revents == 0) continue;
      const ssize_t count = ::read(watched[i].fd, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        watched[i].fd = -1;
      } else if (i == 0) {
        lines.append(buffer.data(), static_cast<std::size_t>(count));
        take_lines(lines);
      } else {
        const std::lock_guard lock(mutex_);
        said_.append(buffer.data(), static_cast<std::size_t>(count));
        if (said_.size() > most_kept) said_.erase(0, said_.size() - most_kept);
      }
    }
  }
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  changed_.notify_all();
}

void Program::take_lines(std::string& text) {
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    const std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    const std::lock_guard lock(mutex_);
    if (!listens_.empty()) continue;
    try {
      listens_ = text_of(parse_json(line), "control");
    } catch (const std::runtime_error&) {
      continue;  // a line of something else
    }
    if (!listens_.empty()) changed_.notify_all();
  }
}

}  // namespace wsfault::client
