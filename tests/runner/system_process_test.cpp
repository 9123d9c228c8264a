// Start strings: whatever a shell does with them, the program gets the signal that is meant for it.
#include "runner/system_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "net/temporary_folder.hpp"
#include "reference/loop.hpp"

namespace wsfault::runner {
namespace {

using record::ProcessChange;

/// Prints "ready", then at SIGTERM "stopped", and exits with 7 a little later, as a draining server does. A
/// second signal makes it exit with 9.
constexpr const char* program = R"(trap 'trap "exit 9" TERM; echo stopped; sleep 0.2; exit 7' TERM
echo ready
while :; do sleep 0.02; done
)";

class Started {
 public:
  explicit Started(const std::string& command) {
    std::ofstream(folder_.path() + "/program.sh") << program;
    system_.start = {"sh", "-c", command};
    system_.starts_by_shell = true;
    system_.cwd = folder_.path();
    process_.emplace(loop_.executor(), warden_, system_, "sut", std::map<std::string, std::string>{}, log_);
    loop_.start(start());
    EXPECT_TRUE(loop_.until([this] { return printed("ready"); })) << command;
  }
  ~Started() {
    bool over = false;
    loop_.start(end(over));
    EXPECT_TRUE(loop_.until([&] { return over; }));
    process_.reset();
    loop_.io().restart();
    loop_.io().poll();
  }

  void signal(int number, bool whole_tree = false) {
    process_->signal({number, whole_tree, ProcessChange::stopping});
  }
  bool until_printed(const std::string& line) {
    return loop_.until([&] { return printed(line); });
  }
  /// How its first process ended.
  record::ProcessChanged end() {
    EXPECT_TRUE(loop_.until([this] { return exited() != nullptr; }));
    return exited() ? *exited() : record::ProcessChanged{};
  }
  SystemProcess& process() { return *process_; }

 private:
  bool printed(const std::string& line) const {
    return std::ranges::any_of(log_.events(), [&](const record::Event& event) {
      const auto* output = std::get_if<record::OutputLine>(&event.what);
      return output && output->line == line;
    });
  }
  const record::ProcessChanged* exited() const {
    for (const record::Event& event : log_.events()) {
      const auto* change = std::get_if<record::ProcessChanged>(&event.what);
      if (change && change->change == ProcessChange::exited) return change;
    }
    return nullptr;
  }
  net::Task<void> start() {
    const std::string error = co_await process_->start(folder_.path() + "/run");
    EXPECT_EQ(error, "");
  }
  net::Task<void> end(bool& over) {
    co_await process_->stop(Duration(0));
    co_await process_->join();
    over = true;
  }

  net::Warden warden_ = net::Warden::start();
  net::TemporaryFolder folder_;
  reference::Loop loop_;
  record::EventLog log_;
  model::System system_;
  std::optional<SystemProcess> process_;
};

TEST(SystemProcess, OfOneCommandIsThatProgramAndItsEndIsReported) {
  for (const char* command :
       {"sh program.sh", "X='a b' sh program.sh", "sh program.sh 2>/dev/null", "exec sh program.sh",
        "cd . && exec sh program.sh", "trap '' HUP; exec sh program.sh"}) {
    SCOPED_TRACE(command);
    Started system(command);
    system.signal(SIGTERM);
    EXPECT_TRUE(system.until_printed("stopped"));
    EXPECT_EQ(system.end().code, 7);
  }
}

TEST(SystemProcess, GivesTheSignalToTheProgramThatAShellRuns) {
  for (const char* command :
       {"cd . && sh program.sh", "cd .; sh program.sh; exit $?", "(sh program.sh; exit $?)",
        "{ sh program.sh; }", "sh program.sh || exit $?", "! false && sh program.sh",
        "if true; then sh program.sh; fi", "sh program.sh & wait $!; wait $!", "f() { sh program.sh; }; f",
        "A=$(echo x); sh program.sh", "trap 'echo cleaned' EXIT; sh program.sh; exit $?"}) {
    SCOPED_TRACE(command);
    Started system(command);
    system.signal(SIGTERM);
    EXPECT_TRUE(system.until_printed("stopped"));
    EXPECT_EQ(system.end().code, 7);
  }
}

// Its output while it drains still passes the filter, which ends with it.
TEST(SystemProcess, SparesTheFiltersOfAPipeline) {
  for (const char* command : {"sh program.sh | cat", "sh program.sh 2>&1 | cat | sed -u s/x/y/"}) {
    SCOPED_TRACE(command);
    Started system(command);
    system.signal(SIGTERM);
    EXPECT_TRUE(system.until_printed("stopped"));
    EXPECT_EQ(system.end().signal, 0);
  }
}

TEST(SystemProcess, GivesTheSignalToAProgramThatItsShellLeftBehind) {
  Started system("sh program.sh &");
  EXPECT_EQ(system.end().code, 0);
  system.signal(SIGTERM);
  EXPECT_TRUE(system.until_printed("stopped"));
}

TEST(SystemProcess, NamesThePidOfTheProgram) {
  Started simple("sh program.sh");
  EXPECT_EQ(simple.process().program_pid(), simple.process().pid());
  Started behind("cd . && sh program.sh; exit $?");
  EXPECT_NE(behind.process().program_pid(), behind.process().pid());
  ::kill(behind.process().program_pid(), SIGTERM);
  EXPECT_TRUE(behind.until_printed("stopped"));
}

TEST(SystemProcess, EndsByTheSignalThatEndedTheProgram) {
  Started system("sleep 1000 & sh program.sh & wait");
  system.signal(SIGKILL, true);
  EXPECT_EQ(system.end().signal, SIGKILL);
  Started alone("echo ready && exec sleep 1000");
  alone.signal(SIGTERM);
  EXPECT_EQ(alone.end().signal, SIGTERM);
}

}  // namespace
}  // namespace wsfault::runner
