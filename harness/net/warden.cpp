// The harness's side of the warden: its start, its end, its folder.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "net/child.hpp"
#include "net/file_descriptor.hpp"
#include "net/warden_process.hpp"

namespace wsfault::net {
namespace {

/// After 10 s the warden gives up on processes that cannot be killed.
constexpr std::chrono::seconds end_limit{15};
constexpr int look_again_milliseconds = 2;

[[noreturn]] void throw_errno(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::string make_run_folder() {
  const char* base = std::getenv("TMPDIR");
  const std::filesystem::path parent = base != nullptr && *base != '\0' ? base : "/tmp";
  std::string path = (std::filesystem::absolute(parent) / "wsfault-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw_errno(errno, "cannot make a folder in " + parent.string());
  return path;
}

void remove_folder(const std::string& folder) {
  std::error_code ignored;  // the warden has usually done it
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace

struct Warden::State {
  FileDescriptor socket;
  pid_t pid = 0;
  std::string folder;
  bool reaped = false;

  ~State() { stop(); }

  bool has_ended() {
    if (reaped) return true;
    const pid_t ended = ::waitpid(pid, nullptr, WNOHANG);
    reaped = ended == pid || (ended < 0 && errno == ECHILD);
    return reaped;
  }

  void stop() {
    if (pid == 0) return;
    socket.reset();
    ::kill(pid, SIGCONT);  // a program below it may have stopped it
    const auto give_up = std::chrono::steady_clock::now() + end_limit;
    while (!has_ended() && std::chrono::steady_clock::now() < give_up)
      ::poll(nullptr, 0, look_again_milliseconds);
    if (!has_ended()) {
      ::kill(pid, SIGKILL);
      while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
    }
    pid = 0;
    remove_folder(folder);
  }
};

Warden Warden::start() {
  auto state = std::make_unique<State>();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno(errno, "socketpair");
  state->socket = FileDescriptor(ends[0]);
  FileDescriptor warden_end(ends[1]);
  state->folder = make_run_folder();
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int error = errno;
    remove_folder(state->folder);
    throw_errno(error, "cannot fork the warden");
  }
  if (pid == 0) run_warden(std::move(warden_end), state->folder);
  state->pid = pid;
  return Warden(std::move(state));
}

Warden::Warden(std::unique_ptr<State> state) : state_(std::move(state)) {}
Warden::~Warden() = default;
Warden::Warden(Warden&&) noexcept = default;
Warden& Warden::operator=(Warden&&) noexcept = default;

const std::string& Warden::folder() const { return state_->folder; }
pid_t Warden::pid() const { return state_->pid; }
Task<Child> Warden::spawn(const asio::any_io_executor& executor, const ChildSpec& spec) {
  ::kill(state_->pid, SIGCONT);
  return Child::start(executor, state_->socket.get(), state_->pid, spec);
}
void Warden::stop() { state_->stop(); }

}  // namespace wsfault::net
