// The warden itself, in the process that Warden::start() forks.
#include "net/warden_process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <vector>

#include "net/keeper.hpp"
#include "net/process_tree.hpp"

namespace wsfault::net {
namespace {

using std::chrono::steady_clock;

constexpr int kill_pass_milliseconds = 5;
/// After this, processes that cannot be killed (uninterruptible, another user's) are given up.
constexpr std::chrono::seconds farewell{10};
constexpr int harness_number = 3;

/// Its own session, no terminal, signals meant for the harness ignored, and only one of its descriptors.
FileDescriptor leave_the_harness(FileDescriptor harness) {
  ::setsid();
  ::prctl(PR_SET_NAME, "wsfault-warden");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int number :
       {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2})
    ::signal(number, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  if (harness.get() != harness_number) ::dup2(harness.get(), harness_number);
  harness.release();  // closed below, if it had another number
  ::fcntl(harness_number, F_SETFD, FD_CLOEXEC);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int standard : {0, 1, 2}) ::dup2(null, standard);
  ::close_range(harness_number + 1, ~0U, 0);
  return FileDescriptor(harness_number);
}

class WardenProcess {
 public:
  explicit WardenProcess(FileDescriptor harness)
      : harness_(std::move(harness)), signals_(make_child_signal_descriptor()) {}

  void serve();
  void kill_all();

 private:
  bool hear();
  void fork_keeper(SpawnRequest request);
  static void refuse(const SpawnRequest& request, int error, StartStage stage);
  void reap();

  FileDescriptor harness_;
  FileDescriptor signals_;
  std::vector<pid_t> keepers_;
  bool strays_ = false;  ///< a keeper ended: the processes that it did not kill are our children now
};

void WardenProcess::serve() {
  for (;;) {
    pollfd wanted[2] = {{signals_.get(), POLLIN, 0}, {harness_.get(), POLLIN, 0}};
    ::poll(wanted, 2, strays_ ? kill_pass_milliseconds : -1);
    drain_child_signals(signals_);
    reap();
    if (strays_ && kill_descendants(keepers_) == 0) strays_ = false;
    if (wanted[1].revents != 0 && !hear()) return;
  }
}

bool WardenProcess::hear() {
  auto [received, request] = receive_request(harness_.get());
  switch (received) {
    case Received::request:
      fork_keeper(std::move(request));
      return true;
    case Received::incomplete:
      refuse(request, EMFILE, StartStage::receive);
      return true;
    case Received::nothing:
      return true;
    case Received::end:
      return false;
  }
  return false;
}

void WardenProcess::refuse(const SpawnRequest& request, int error, StartStage stage) {
  const Report report{Report::Kind::failed, error, static_cast<std::int32_t>(stage)};
  ::send(request.control.get(), &report, sizeof report, MSG_NOSIGNAL);
}

void WardenProcess::fork_keeper(SpawnRequest request) {
  const pid_t pid = ::fork();
  if (pid > 0) return keepers_.push_back(pid);
  if (pid < 0) return refuse(request, errno, StartStage::fork);
  harness_.reset();
  signals_.reset();
  run_keeper(std::move(request));
}

void WardenProcess::reap() {
  while (true) {
    const pid_t pid = ::waitpid(-1, nullptr, WNOHANG);
    if (pid <= 0) return;
    if (std::erase(keepers_, pid) != 0) strays_ = true;
  }
}

void WardenProcess::kill_all() {
  const auto give_up = steady_clock::now() + farewell;
  while (kill_descendants() != 0 && steady_clock::now() < give_up) {
    pollfd wanted{signals_.get(), POLLIN, 0};
    ::poll(&wanted, 1, kill_pass_milliseconds);
    drain_child_signals(signals_);
    reap();
  }
}

}  // namespace

void run_warden(FileDescriptor harness, const std::string& folder) {
  WardenProcess warden(leave_the_harness(std::move(harness)));
  warden.serve();
  warden.kill_all();
  std::error_code ignored;  // there is nobody to report it to
  std::filesystem::remove_all(folder, ignored);
  ::_exit(0);
}

}  // namespace wsfault::net
