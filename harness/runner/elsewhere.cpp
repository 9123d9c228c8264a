// A process that cannot be signalled is controlled by commands of its system file (`docker kill …`).
#include "runner/elsewhere.hpp"

#include <fmt/format.h>

#include <csignal>

#include "runner/stage.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {
namespace {

/// Limit for starting a container.
constexpr Duration command_within = std::chrono::seconds(60);
/// Limit for reading its output after all its processes are gone.
constexpr Duration last_words_within = std::chrono::seconds(1);

/// The command that replaces a fault's signal to the process.
std::string command_for(std::string_view fault) { return std::string(fault == "restart" ? "kill" : fault); }

/// A child that must end by itself, in time; its last output explains a failure.
class Command {
 public:
  Command(const net::asio::any_io_executor& executor, net::Child& child)
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
        co_await tasks_.all_ended_until(std::chrono::steady_clock::now() + last_words_within);
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

std::string cannot_reach(const scenario::LoadedCase& loaded) {
  const std::string_view role = to_string(loaded.scenario.role);
  const auto& commands = loaded.judged.system.commands;
  for (const fault::FaultSpec& spec : loaded.judged.faults) {
    if (!spec.on_party || spec.at != "sut" || spec.inject == "run") continue;
    const std::string command = command_for(spec.inject);
    if (!commands.contains(command)) {
      return fmt::format("`{}` of a {} that is no child of the run needs `commands.{}` in its system file",
                         spec.inject, role, command);
    }
  }
  for (const verdict::Expectation& expectation : loaded.judged.expectations) {
    if (expectation.what.nature.of_a_child) {
      return fmt::format("`{}` looks at the process of the {}, which is no child of the run",
                         expectation.what.key, role);
    }
  }
  return {};
}

std::string cannot_strike(const scenario::LoadedCase& loaded) {
  for (const fault::FaultSpec& spec : loaded.judged.faults) {
    if (!spec.on_party) continue;
    for (const model::Upstream& upstream : loaded.scenario.upstreams) {
      if (upstream.name != spec.at || !upstream.url) continue;
      return fmt::format(
          "`{}` strikes the process of {}, which is a real server at {} and no child of the run", spec.inject,
          spec.at, *upstream.url);
    }
  }
  return {};
}

bool Stage::is_elsewhere() const { return setting_.standing || loaded().judged.system.start.empty(); }

/// A client without a command connects by itself.
net::Task<void> Stage::start_elsewhere() {
  if (loaded().judged.system.commands.contains("start"))
    co_await command_of_system("start", record::ProcessChange::started);
}

net::Task<void> Stage::stop_elsewhere() {
  const auto& commands = loaded().judged.system.commands;
  for (const char* name : {"stop", "kill"}) {
    if (const auto found = commands.find(name); found != commands.end()) {
      co_await command(found->second);
      co_return;
    }
  }
}

net::Task<void> Stage::command_of_system(std::string name, record::ProcessChange change) {
  const auto& commands = loaded().judged.system.commands;
  const auto found = commands.find(name);
  if (found == commands.end()) {
    fail(fmt::format("the system {} has no commands.{}", loaded().judged.system.name, name));
    co_return;
  }
  log_.record({{}, "sut", 0}, record::ProcessChanged{change, 0, 0, 0});
  co_await command(found->second);
}

net::Task<void> Stage::command(const std::vector<std::string>& argv) {
  net::ChildSpec spec;
  for (const std::string& word : argv) {
    auto rendered = scenario::render(word, variables());
    if (!rendered) {
      fail(fmt::format("command: {}", rendered.error()));
      co_return;
    }
    spec.argv.push_back(*rendered);
  }
  net::Child child = co_await setting_.warden->spawn(executor_, spec);
  Command running(executor_, child);
  const std::string wrong = co_await running.ended(scaled(command_within, setting_.patience));
  if (!wrong.empty()) fail(fmt::format("the command {} {}", spec.argv.front(), wrong));
}

}  // namespace wsfault::runner
