// A command is a child that must end by itself, in time; its last output explains a failure.
#include "runner/command.hpp"

#include <fmt/format.h>

#include <csignal>

#include "net/event_gate.hpp"
#include "net/task_group.hpp"

namespace wsfault::runner {
namespace {

/// Limit for reading its output after all its processes are gone.
constexpr Duration output_end_within = std::chrono::seconds(1);

using ReadLine = net::Task<std::optional<std::string>> (net::Child::*)();

net::Task<void> read_output(net::Child& child, ReadLine read, std::string& last_line) {
  while (auto line = co_await (child.*read)()) {
    if (!line->empty()) last_line = *std::move(line);
  }
}

/// What went wrong, as the end of a sentence; empty: nothing.
net::Task<std::string> command_ended(net::asio::any_io_executor executor, net::Child& child, Duration limit) {
  std::string last_line;
  bool late = false;
  net::TaskGroup readers(executor);
  const auto run = [&]() -> net::Task<void> {
    readers.spawn(read_output(child, &net::Child::read_stdout, last_line));
    readers.spawn(read_output(child, &net::Child::read_stderr, last_line));
    using namespace net::asio::experimental::awaitable_operators;
    co_await (child.wait() || net::sleep_for(limit));
    late = !child.exited();
  };
  const auto end = [&]() -> net::Task<void> {
    co_await child.kill_tree();  // processes that it left running hold its pipes open
    const auto deadline = std::chrono::steady_clock::now() + output_end_within;
    const bool all_read = co_await readers.all_ended_until(deadline);
    if (!all_read) child.let_go();
    co_await readers.join();
  };
  co_await net::finally(run(), end());
  const net::ExitStatus status = child.exited().value_or(net::ExitStatus{0, SIGKILL});
  std::string wrong;
  if (late) {
    wrong = fmt::format("did not end in {}", format_duration(limit));
  } else if (status.signal != 0) {
    wrong = fmt::format("ended with signal {}", status.signal);
  } else if (status.code != 0) {
    wrong = fmt::format("ended with exit code {}", status.code);
  }
  if (!wrong.empty() && !last_line.empty()) wrong += ": " + last_line;
  co_return wrong;
}

}  // namespace

net::Task<std::string> run_command(const net::asio::any_io_executor& executor, net::Warden& warden,
                                   std::vector<std::string> argv, Duration limit) {
  const net::ChildSpec spec{.argv = std::move(argv), .environment = {}, .cwd = {}};
  net::Child child = co_await warden.spawn(executor, spec);
  std::string wrong;
  if (child.start_error().empty()) {
    wrong = co_await command_ended(executor, child, limit);
  } else {
    wrong = fmt::format("cannot be started: {}", child.start_error());
  }
  co_return wrong.empty() ? std::string() : fmt::format("the command {} {}", spec.argv.front(), wrong);
}

}  // namespace wsfault::runner
