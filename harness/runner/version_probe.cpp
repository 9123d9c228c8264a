// One short child process in a loop of its own.
#include "runner/version_probe.hpp"

#include <fmt/format.h>

#include <optional>

#include "net/event_gate.hpp"
#include "net/interruption.hpp"

namespace wsfault::runner {
namespace {

using namespace boost::asio::experimental::awaitable_operators;

constexpr Duration answered_within = std::chrono::seconds(20);

struct Answer {
  std::string start_error;
  std::string line;
  std::string complaint;
  std::optional<net::ExitStatus> status;
};

net::Task<void> read_answer(net::Child& child, Answer& answer) {
  while (auto line = co_await child.read_stdout()) {
    if (answer.line.empty()) answer.line = *line;
  }
  while (auto line = co_await child.read_stderr()) {
    if (!line->empty()) answer.complaint = *line;
  }
  answer.status = co_await child.wait();
}

net::Task<void> ask(net::Warden& warden, const net::ChildSpec& spec, Answer& answer) {
  net::Child child = co_await warden.spawn(co_await net::asio::this_coro::executor, spec);
  answer.start_error = child.start_error();
  if (answer.start_error.empty()) co_await (read_answer(child, answer) || net::sleep_for(answered_within));
  co_await child.kill_tree();
}

}  // namespace

Result<std::string> probe_version(net::Warden& warden, const model::System& system) {
  if (system.version.empty()) return std::string();
  net::ChildSpec spec;
  spec.argv = system.version;
  spec.cwd = system.folder;
  const auto io = std::make_shared<net::asio::io_context>(1);
  const auto watch = std::make_shared<net::InterruptionWatch>(*io, Duration(0));
  Answer answer;
  std::exception_ptr failure;
  net::asio::co_spawn(*io, ask(warden, spec, answer), [&](const std::exception_ptr& thrown) {
    failure = thrown;
    watch->cancel();
  });
  io->run();
  if (watch->gave_up()) {  // the warden ends the command
    net::leave_behind(io);
    net::leave_behind(watch);
    return Error{"its version command was interrupted"};
  }
  if (failure) std::rethrow_exception(failure);
  if (answer.start_error.empty() && answer.status && answer.status->code == 0 && answer.status->signal == 0) {
    return answer.line;
  }
  const std::string why = !answer.start_error.empty()
                              ? fmt::format("{}: {}", system.version.front(), answer.start_error)
                          : answer.status ? answer.complaint
                                          : "its version command does not end";
  return Error{fmt::format("{} is not installed ({}); {}", system.name, why,
                           system.install.empty() ? "its system file does not say how to install it"
                                                  : "install it: " + system.install)};
}

}  // namespace wsfault::runner
