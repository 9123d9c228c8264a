// The small parent process of one process tree: starts it, signals it, and kills it when the harness closes
// the control socket.
#include "net/keeper.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "net/descriptors.hpp"
#include "net/process_tree.hpp"

namespace wsfault::net {
namespace {

using std::chrono::steady_clock;

/// How often a kill looks for processes forked in the meantime.
constexpr int kill_pass_milliseconds = 5;
/// Processes still alive this long after the end are left to the warden, which inherits them.
constexpr std::chrono::seconds farewell{30};

struct StartFailure {
  StartStage stage{};
  std::int32_t error = 0;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Into the network of that process, and into its user namespace, if it has one of its own: there this user has the
/// right to join, and loses it with exec. False: errno says why.
bool join_network(const std::string& pid) {
  const auto own = [&](const char* kind) {
    struct stat mine {};
    struct stat theirs {};
    const std::string path = "/proc/" + pid + "/ns/" + kind;
    return ::stat(("/proc/self/ns/" + std::string(kind)).c_str(), &mine) == 0 && ::stat(path.c_str(), &theirs) == 0 &&
           mine.st_ino == theirs.st_ino;
  };
  for (const char* kind : {"user", "net"}) {
    if (own(kind)) continue;
    const FileDescriptor there(::open(("/proc/" + pid + "/ns/" + kind).c_str(), O_RDONLY | O_CLOEXEC));
    if (!there.is_open() || ::setns(there.get(), 0) != 0) return false;
  }
  return true;
}

/// Only for this process and its children. False: errno says why.
bool show_hosts(const std::string& file) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 &&
         ::mount(file.c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) == 0;
}

/// Replaces this process with the program; on failure reports it through `failure` (close-on-exec) and exits.
[[noreturn]] void become_program(const SpawnRequest& request, SpawnMessage& message, int failure) {
  const auto fail = [&](StartStage stage) {
    const StartFailure report{stage, errno};
    if (::write(failure, &report, sizeof report) < 0) ::_exit(126);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  ::dup2(request.in.get(), 0);
  ::dup2(request.out.get(), 1);
  ::dup2(request.err.get(), 2);
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  if (!message.network_of.empty() && !join_network(message.network_of)) fail(StartStage::network);
  if (!message.hosts_file.empty() && !show_hosts(message.hosts_file)) fail(StartStage::hosts);
  if (!message.cwd.empty() && ::chdir(message.cwd.c_str()) != 0) fail(StartStage::cwd);
  reset_signals();
  restore_descriptor_limit();
  auto argv = pointers(message.argv);
  auto environment = pointers(message.environment);
  environ = environment.data();  // execvp uses its PATH too
  ::execvp(argv[0], argv.data());
  fail(StartStage::exec);
  ::_exit(127);
}

class Keeper {
 public:
  explicit Keeper(FileDescriptor control)
      : control_(std::move(control)), signals_(make_child_signal_descriptor()) {}

  void start(SpawnRequest request);
  void run();

 private:
  void say(Report::Kind kind, std::int32_t value = 0, std::int32_t extra = 0);
  void hear();
  void obey(const Command& command);
  void signal_tree(int number);
  void reap();
  void kill_pass();

  FileDescriptor control_;
  FileDescriptor signals_;
  pid_t main_ = 0;  ///< 0: not running
  bool killing_ = false;
  bool let_go_ = false;
  steady_clock::time_point give_up_ = steady_clock::time_point::max();
};

void Keeper::say(Report::Kind kind, std::int32_t value, std::int32_t extra) {
  const Report report{kind, value, extra};
  ::send(control_.get(), &report, sizeof report,
         MSG_NOSIGNAL);  // if the harness is gone, the socket ends
}

void Keeper::start(SpawnRequest request) {
  auto message = parse_spawn_message(read_memory_file(request.message));
  const auto fail = [&](StartStage stage, int error) {
    say(Report::Kind::failed, error, static_cast<std::int32_t>(stage));
  };
  // The program may stop its keeper before the keeper has reported more.
  say(Report::Kind::here, ::getpid());
  if (!message || message->argv.empty()) return fail(StartStage::message, EINVAL);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(StartStage::fork, errno);
  FileDescriptor failure(ends[0]);
  FileDescriptor failure_write(ends[1]);
  // fork(2) would copy each page to which one of both then writes. The child has the memory of this process, which goes
  // on when the child has become the program or has failed.
  char** const own_environment = environ;
  const pid_t pid = ::vfork();
  if (pid < 0) return fail(StartStage::fork, errno);
  if (pid == 0) become_program(request, *message, failure_write.get());
  environ = own_environment;
  failure_write.reset();
  StartFailure what;
  ssize_t size = 0;
  do {
    size = ::read(failure.get(), &what, sizeof what);
  } while (size < 0 && errno == EINTR);
  if (size == sizeof what) return fail(what.stage, what.error);
  main_ = pid;
  say(Report::Kind::started, pid);
}

void Keeper::run() {
  while (!(let_go_ && !killing_)) {
    pollfd wanted[2] = {{signals_.get(), POLLIN, 0}, {let_go_ ? -1 : control_.get(), POLLIN, 0}};
    ::poll(wanted, 2, killing_ ? kill_pass_milliseconds : -1);
    drain_child_signals(signals_);
    reap();
    if (wanted[1].revents != 0) hear();
    if (killing_) kill_pass();
  }
}

void Keeper::hear() {
  Command command;
  const ssize_t size = ::recv(control_.get(), &command, sizeof command, MSG_DONTWAIT);
  if (size == sizeof command) return obey(command);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  let_go_ = true;
  killing_ = true;
  give_up_ = steady_clock::now() + farewell;
}

void Keeper::obey(const Command& command) {
  switch (command.kind) {
    case Command::Kind::signal_main:
      if (main_ != 0) ::kill(main_, command.number);
      return;
    case Command::Kind::signal_tree:
      return signal_tree(command.number);
    case Command::Kind::kill_tree:
      killing_ = true;
      return;
  }
}

/// Signals each process once. For a stop it repeats until there is nothing new, because a process forked
/// between the listing and its signal must not run on. Other signals are sent once: a program may fork in
/// response, and that process is not meant.
void Keeper::signal_tree(int number) {
  const int max_passes = number == SIGSTOP ? 20 : 1;
  std::vector<pid_t> done;
  for (int pass = 0; pass < max_passes; ++pass) {
    const auto fresh = descendants_of(::getpid());
    const std::size_t before = done.size();
    for (const ProcessStat& process : fresh) {
      if (std::find(done.begin(), done.end(), process.pid) != done.end()) continue;
      ::kill(process.pid, number);
      done.push_back(process.pid);
    }
    if (done.size() == before) return;
  }
}

void Keeper::reap() {
  int status = 0;
  while (const pid_t pid = ::waitpid(-1, &status, WNOHANG)) {
    if (pid < 0) return;
    if (pid != main_) continue;
    main_ = 0;
    say(Report::Kind::exited, status);
  }
}

void Keeper::kill_pass() {
  if (kill_descendants() != 0 && steady_clock::now() < give_up_) return;
  killing_ = false;
  say(Report::Kind::tree_gone);
}

}  // namespace

FileDescriptor make_child_signal_descriptor() {
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &child, nullptr);
  return FileDescriptor(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
}

void drain_child_signals(const FileDescriptor& signals) {
  signalfd_siginfo information;
  while (::read(signals.get(), &information, sizeof information) > 0) continue;
}

void run_keeper(SpawnRequest request) {
  ::prctl(PR_SET_NAME, "wsfault-keeper");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  {
    Keeper keeper(std::move(request.control));
    keeper.start(std::move(request));
    keeper.run();
  }
  ::_exit(0);
}

}  // namespace wsfault::net
