#include "cli/workers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <vector>

#include "net/descriptors.hpp"
#include "net/file_descriptor.hpp"
#include "net/shortage.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {
namespace {

/// Of each process, for what is no connection.
constexpr std::size_t kept_back = 64;
/// The kernel divides connections by a hash, and not evenly.
constexpr std::size_t used_percent = 90;
constexpr timespec grace{3, 0};

sigset_t signals_of_interest() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : report::exit_undecided;
}

class Crew {
 public:
  explicit Crew(const Workers& workers) : workers_(workers), awaited_(signals_of_interest()) {
    ::sigprocmask(SIG_BLOCK, &awaited_, &before_);
  }
  ~Crew() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  int run() {
    if (!start()) return end(report::exit_undecided);
    if (!await_ready()) return end(reap(WNOHANG).value_or(report::exit_undecided));
    workers_.all_ready();
    while (true) {
      const int signal = ::sigwaitinfo(&awaited_, nullptr);
      if (signal == SIGCHLD) {
        if (const auto code = reap(WNOHANG)) return end(*code == 0 ? report::exit_undecided : *code);
      } else if (signal > 0) {
        return end(0);
      }
    }
  }

 private:
  bool start() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return false;
    ready_ = net::FileDescriptor(pipe[0]);
    net::FileDescriptor told(pipe[1]);
    const pid_t parent = ::getpid();
    std::fflush(nullptr);
    for (std::size_t i = 0; i < workers_.count; ++i) {
      const pid_t child = ::fork();
      if (child < 0) return false;
      if (child == 0) work(parent, told.get());
      children_.push_back(child);
    }
    return true;
  }

  /// It shares what its parent has, and must not destroy it.
  [[noreturn]] void work(pid_t parent, int told) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) std::_Exit(0);  // it ended before
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
    int code = report::exit_undecided;
    try {
      code = workers_.work([told] {
        const char ready = 1;
        const bool said = ::write(told, &ready, 1) == 1;
        ::close(told);
        if (!said) std::_Exit(report::exit_undecided);
      });
    } catch (...) {
      fmt::print(stderr, "{}\n", net::describe_failure(std::current_exception()));
    }
    std::fflush(nullptr);
    std::_Exit(code);
  }

  /// False: one of them has ended, and the others are as far as they come.
  bool await_ready() const {
    for (std::size_t i = 0; i < workers_.count; ++i) {
      char ready = 0;
      if (::read(ready_.get(), &ready, 1) != 1) return false;
    }
    return true;
  }

  /// The exit code of one that has ended; none: all go on.
  std::optional<int> reap(int how) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, how);
    if (ended <= 0) return std::nullopt;
    std::erase(children_, ended);
    return code_of(status);
  }

  int end(int code) {
    for (const pid_t child : children_) ::kill(child, SIGTERM);
    const auto due = std::chrono::steady_clock::now() + std::chrono::seconds(grace.tv_sec);
    while (!children_.empty() && std::chrono::steady_clock::now() < due) {
      if (!reap(WNOHANG)) ::sigtimedwait(&awaited_, nullptr, &grace);
    }
    for (const pid_t child : children_) ::kill(child, SIGKILL);
    while (!children_.empty() && reap(0)) continue;
    return code;
  }

  const Workers& workers_;
  sigset_t awaited_;
  sigset_t before_{};
  net::FileDescriptor ready_;
  std::vector<pid_t> children_;
};

}  // namespace

std::size_t processes_for(std::size_t connections, std::size_t descriptors_each) {
  const std::size_t limit = net::descriptor_limit();
  const std::size_t of_one = std::max<std::size_t>(1, (limit - std::min(limit, kept_back)) / descriptors_each);
  if (connections <= of_one) return 1;
  const std::size_t of_several = std::max<std::size_t>(1, of_one * used_percent / 100);
  return (connections + of_several - 1) / of_several;
}

int run_workers(const Workers& workers) { return Crew(workers).run(); }

}  // namespace wsfault::cli
