// A command that must end by itself, in time; its last output explains a failure.
#include "runner/command.hpp"

#include <fmt/format.h>

#include <csignal>

#include "net/event_gate.hpp"
#include "net/task_group.hpp"

namespace wsfault::runner {
namespace {

/// Limit for reading its output after all its processes are gone.
constexpr Duration output_end_within = std::chrono::seconds(1);

class RunningCommand {
 public:
  RunningCommand(const net::asio::any_io_executor& executor, net::Child& child)
      : child_(child), tasks_(executor), over_(executor) {}

  /// What went wrong, as the end of a sentence; empty: nothing.
  net::Task<std::string> ended(Duration limit) {
    if (!child_.start_error().empty()) co_return fmt::format("cannot be started: {}", child_.start_error());
    co_await net::finally(run(limit), end());
    const net::ExitStatus status = child_.exited().value_or(net::ExitStatus{0, SIGKILL});
    std::string wrong;
    if (late_) wrong = fmt::format("did not end in {}", format_duration(limit));
    if (!late_ && status.signal != 0) wrong = fmt::format("ended with signal {}", status.signal);
    if (!late_ && status.code != 0) wrong = fmt::format("ended with exit code {}", status.code);
    if (!wrong.empty() && !last_line_.empty()) wrong += ": " + last_line_;
    co_return wrong;
  }

 private:
  net::Task<void> run(Duration limit) {
    tasks_.spawn(read(true));
    tasks_.spawn(read(false));
    const auto deadline = std::chrono::steady_clock::now() + limit;
    tasks_.spawn(await_exit());
    while (!child_.exited() && std::chrono::steady_clock::now() < deadline)
      co_await over_.wait_until(deadline);
    late_ = !child_.exited();
  }
  net::Task<void> await_exit() {
    co_await child_.wait();
    over_.notify();
  }
  net::Task<void> end() {
    co_await child_.kill_tree();  // processes that it left running hold its pipes open
    const bool all_read =
        co_await tasks_.all_ended_until(std::chrono::steady_clock::now() + output_end_within);
    if (!all_read) child_.let_go();
    co_await tasks_.join();
  }
  net::Task<void> read(bool is_stdout) {
    while (true) {
      std::optional<std::string> line;  // GCC 12 destroys the result of a co_await inside `?:` twice
      if (is_stdout) {
        line = co_await child_.read_stdout();
      } else {
        line = co_await child_.read_stderr();
      }
      if (!line) co_return;
      if (!line->empty()) last_line_ = *line;
    }
  }

  net::Child& child_;
  net::TaskGroup tasks_;
  net::EventGate over_;
  std::string last_line_;
  bool late_ = false;
};

}  // namespace

net::Task<std::string> run_command(const net::asio::any_io_executor& executor, net::Warden& warden,
                                   std::vector<std::string> argv, Duration limit) {
  const net::ChildSpec spec{.argv = std::move(argv), .environment = {}, .cwd = {}};
  net::Child child = co_await warden.spawn(executor, spec);
  RunningCommand running(executor, child);
  const std::string wrong = co_await running.ended(limit);
  if (wrong.empty()) co_return std::string();
  co_return fmt::format("the command {} {}", spec.argv.front(), wrong);
}

}  // namespace wsfault::runner
