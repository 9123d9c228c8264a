// Real programs: their output lines, their ends, their process trees.
#include "net/child.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "net/event_gate.hpp"
#include "net/line_reader.hpp"
#include "process_watch.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

/// sh -c `script`
ChildSpec shell(std::string script) { return {{"sh", "-c", std::move(script)}, {}, {}, false}; }
/// The same, with a pipe to its stdin.
ChildSpec fed(std::string script) { return {{"sh", "-c", std::move(script)}, {}, {}, true}; }
/// Without a shell. (Braced lists do not compile inside a coroutine with g++ 12.)
ChildSpec program(std::string name, std::string cwd = {}) {
  return {{std::move(name)}, {}, std::move(cwd), false};
}

class ChildTest : public testing::Test {
 protected:
  Warden warden_ = Warden::start();

  Task<Child> spawn(ChildSpec spec) {
    co_return co_await warden_.spawn(co_await asio::this_coro::executor, spec);
  }
};

/// Reads until the pipe's end, lines joined by "|".
Task<std::string> all_stdout(Child& child) {
  std::string text;
  while (auto line = co_await child.read_stdout()) text += *line + "|";
  co_return text;
}

Task<std::string> stdout_line(Child& child) { co_return (co_await child.read_stdout()).value_or("(end)"); }

TEST_F(ChildTest, GivesLinesAndAnExitCode) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("echo one; echo; printf 'last, no newline'; echo oops >&2; exit 7"));
    EXPECT_EQ(child.start_error(), "");
    EXPECT_GT(child.pid(), 0);
    EXPECT_EQ(co_await all_stdout(child), "one||last, no newline|");
    EXPECT_EQ(co_await child.read_stderr(), "oops");
    EXPECT_EQ(co_await child.read_stderr(), std::nullopt);
    const ExitStatus status = co_await child.wait();
    EXPECT_EQ(status.code, 7);
    EXPECT_EQ(status.signal, 0);
    EXPECT_EQ(child.exited().value().code, 7);
  });
}

TEST_F(ChildTest, GivesALongLineInPieces) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("head -c 2500000 /dev/zero | tr '\\0' x; echo; echo next"));
    EXPECT_EQ((co_await stdout_line(child)).size(), LineReader::max_line);
    EXPECT_EQ((co_await stdout_line(child)).size(), LineReader::max_line);
    EXPECT_EQ((co_await stdout_line(child)).size(), 2500000u - 2 * LineReader::max_line);
    EXPECT_EQ(co_await stdout_line(child), "next");
  });
}

TEST_F(ChildTest, GivesALineOfExactlyTheLimitWhole) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("head -c 1048576 /dev/zero | tr '\\0' x; echo; echo next"));
    EXPECT_EQ((co_await stdout_line(child)).size(), LineReader::max_line);
    EXPECT_EQ(co_await stdout_line(child), "next");
  });
}

TEST_F(ChildTest, KeepsWhatACancelledReadHadRead) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(fed("printf 'half a '; read x; echo line"));
    co_await (stdout_line(child) || sleep_for(20ms));
    EXPECT_TRUE(co_await child.write_stdin("\n"));
    EXPECT_EQ(co_await stdout_line(child), "half a line");
  });
}

TEST_F(ChildTest, ReadsStdinUntilItIsClosed) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(fed("exec cat"));
    EXPECT_TRUE(co_await child.write_stdin("to and fro\n"));
    EXPECT_EQ(co_await stdout_line(child), "to and fro");
    child.close_stdin();
    EXPECT_FALSE(co_await child.write_stdin("too late"));
    EXPECT_EQ((co_await child.wait()).code, 0);
  });
}

TEST_F(ChildTest, WritesMoreThanAPipeHolds) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(fed("exec wc -c"));
    EXPECT_TRUE(co_await child.write_stdin(std::string(1 << 20, 'x')));
    child.close_stdin();
    EXPECT_EQ(co_await stdout_line(child), "1048576");
  });
}

TEST_F(ChildTest, AStdinThatNobodyReadsIsNoSigpipe) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(fed("exit"));
    co_await child.wait();
    EXPECT_FALSE(co_await child.write_stdin("anyone?"));
  });
}

TEST_F(ChildTest, WithoutAPipeStdinIsEmpty) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("exec wc -c"));
    EXPECT_EQ(co_await stdout_line(child), "0");
  });
}

TEST_F(ChildTest, SaysWhyAProgramDidNotStart) {
  run_task([&]() -> Task<void> {
    Child missing = co_await spawn(program("no-such-program"));
    EXPECT_EQ(missing.start_error(), "No such file or directory");
    EXPECT_EQ(missing.pid(), 0);
    EXPECT_EQ((co_await missing.wait()).code, 127);
    EXPECT_EQ(co_await missing.read_stdout(), std::nullopt);
    EXPECT_TRUE(missing.tree().empty());
    missing.signal(SIGTERM);
    co_await missing.kill_tree();
    EXPECT_EQ((co_await spawn(program("/"))).start_error(), "Permission denied");
    EXPECT_EQ((co_await spawn(program("true", "/nowhere"))).start_error(),
              "cannot enter /nowhere: No such file or directory");
    EXPECT_EQ((co_await spawn(ChildSpec())).start_error(), "no program given");
  });
}

TEST_F(ChildTest, RunsInItsFolder) {
  run_task([&]() -> Task<void> {
    ChildSpec spec = shell("pwd");
    spec.cwd = warden_.folder();
    Child there = co_await spawn(spec);
    EXPECT_EQ(co_await stdout_line(there), std::filesystem::canonical(warden_.folder()).string());
    Child here = co_await spawn(shell("pwd"));
    EXPECT_EQ(co_await stdout_line(here), std::filesystem::current_path().string());
  });
}

TEST_F(ChildTest, AddsToTheEnvironment) {
  run_task([&]() -> Task<void> {
    ::setenv("WSFAULT_TEST_KEPT", "kept", 1);
    ::setenv("WSFAULT_TEST_REPLACED", "old", 1);
    ChildSpec spec = shell("echo $WSFAULT_TEST_KEPT $WSFAULT_TEST_REPLACED ${#LONG}");
    spec.environment.emplace_back("WSFAULT_TEST_REPLACED", "new");
    spec.environment.emplace_back("LONG", std::string(100'000, 'x'));
    Child child = co_await spawn(spec);
    EXPECT_EQ(co_await stdout_line(child), "kept new 100000");
  });
}

TEST_F(ChildTest, TakesArgumentsOfManyPages) {
  run_task([&]() -> Task<void> {
    ChildSpec spec = shell("echo $#");
    spec.argv.resize(4 + 20, std::string(50'000, 'x'));  // a megabyte
    Child child = co_await spawn(spec);
    EXPECT_EQ(child.start_error(), "");
    EXPECT_EQ(co_await stdout_line(child), "20");
  });
}

TEST_F(ChildTest, StartsClean) {
  run_task([&]() -> Task<void> {
    // Its own process group; no signal ignored or blocked; no descriptors except the three, and the one that
    // ls opens.
    Child child =
        co_await spawn(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd; ps -o pgid= $$"));
    EXPECT_EQ(co_await stdout_line(child), "SigBlk:\t0000000000000000");
    EXPECT_EQ(co_await stdout_line(child), "SigIgn:\t0000000000000000");
    std::string rest = co_await all_stdout(child);
    std::erase(rest, ' ');
    EXPECT_EQ(rest, "0|1|2|3|" + std::to_string(child.pid()) + "|");
  });
}

TEST_F(ChildTest, SignalsTheFirstProcessOrTheTree) {
  run_task([&]() -> Task<void> {
    Child child =
        co_await spawn(shell("trap 'echo main got it' USR1; sh -c 'trap \"echo other got it\" USR1; echo "
                             "ready; while :; do sleep 0.01; "
                             "done' & while :; do sleep 0.01; done"));
    EXPECT_EQ(co_await stdout_line(child), "ready");
    child.signal(SIGUSR1, Scope::main);
    EXPECT_EQ(co_await stdout_line(child), "main got it");
    child.signal(SIGTERM, Scope::main);
    EXPECT_EQ((co_await child.wait()).signal, SIGTERM);
    EXPECT_FALSE(child.tree().empty());
    child.signal(SIGTERM, Scope::tree);
    EXPECT_EQ(co_await child.read_stdout(), std::nullopt);
  });
}

TEST_F(ChildTest, SurvivesASignalToTheDead) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("exit"));
    co_await child.wait();
    child.signal(SIGTERM, Scope::main);
    child.signal(SIGTERM, Scope::tree);
    co_await child.kill_tree();
    co_await child.kill_tree();
    EXPECT_TRUE(child.tree().empty());
    EXPECT_EQ(child.exited().value().signal, 0);
  });
}

/// Its processes print their pids and keep running: in the background, in their own session, and with no
/// parent left.
constexpr const char* scattered =
    "sh -c 'echo $$; exec sleep 1000' & setsid sh -c 'echo $$; exec sleep 1000' & "
    "(sh -c 'echo $$; exec sleep 1000' &) ; echo $$; wait";
/// A proper daemon: fork, setsid, fork, the parents exit.
constexpr const char* daemonising =
    "python3 -c 'import os,time\n"
    "if os.fork(): os._exit(0)\n"
    "os.setsid()\n"
    "if os.fork(): os._exit(0)\n"
    "print(os.getpid(), flush=True)\n"
    "time.sleep(1000)'";

Task<std::vector<pid_t>> read_pids(Child& child, int count) {
  std::vector<pid_t> pids;
  while (count-- > 0) pids.push_back(std::stoi(co_await stdout_line(child)));
  co_return pids;
}

TEST_F(ChildTest, KillsAScatteredTree) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell(scattered));
    auto pids = co_await read_pids(child, 4);
    auto tree = child.tree();
    std::ranges::sort(pids);
    std::ranges::sort(tree);
    EXPECT_EQ(tree, pids);
    co_await child.kill_tree();
    EXPECT_TRUE(all_gone(pids));
    EXPECT_TRUE(child.tree().empty());
    EXPECT_EQ(child.exited().value().signal, SIGKILL);
  });
}

TEST_F(ChildTest, KillsADaemon) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell(daemonising));
    const auto pids = co_await read_pids(child, 1);
    EXPECT_EQ((co_await child.wait()).code, 0);
    EXPECT_EQ(child.tree(), pids);
    co_await child.kill_tree();
    EXPECT_TRUE(all_gone(pids));
  });
}

TEST_F(ChildTest, DestructionKillsTheTree) {
  run_task([&]() -> Task<void> {
    std::vector<pid_t> pids;
    {
      Child child = co_await spawn(shell(scattered));
      pids = co_await read_pids(child, 4);
    }
    EXPECT_TRUE(comes_true([&] { return all_gone(pids); }));
  });
}

TEST_F(ChildTest, AssignmentKillsWhatWasThere) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("exec sleep 1000"));
    const pid_t first = child.pid();
    Child other = co_await spawn(shell("exec sleep 1000"));
    const pid_t second = other.pid();
    child = std::move(other);
    EXPECT_TRUE(comes_true([&] { return process_state(first) == '-'; }));
    EXPECT_EQ(child.pid(), second);
    EXPECT_EQ(child.tree(), std::vector<pid_t>(1, second));
  });
}

TEST_F(ChildTest, DestructionEndsWhatWaits) {
  run_task([&]() -> Task<void> {
    std::optional<Child> child = co_await spawn(fed("exec sleep 1000"));
    const auto destroy = [&]() -> Task<void> {
      child.reset();
      co_return;
    };
    const auto [line, status] = co_await (child->read_stdout() && (child->wait() && destroy()));
    EXPECT_EQ(line, std::nullopt);
    EXPECT_EQ(status.signal, SIGKILL);
  });
}

TEST_F(ChildTest, FreezesThawsAndKillsWhatIsFrozen) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell(scattered));
    const auto pids = co_await read_pids(child, 4);
    const auto all_are = [&](char state) {
      return std::ranges::all_of(pids, [&](pid_t pid) { return process_state(pid) == state; });
    };
    child.signal(SIGSTOP);
    EXPECT_TRUE(comes_true([&] { return all_are('T'); }));
    child.signal(SIGCONT);
    EXPECT_TRUE(comes_true([&] { return all_are('S'); }));
    child.signal(SIGSTOP);
    EXPECT_TRUE(comes_true([&] { return all_are('T'); }));
    EXPECT_FALSE(child.exited());
    co_await child.kill_tree();
    EXPECT_TRUE(all_gone(pids));
  });
}

TEST_F(ChildTest, AWaitCanBeCancelled) {
  run_task([&]() -> Task<void> {
    Child child = co_await spawn(shell("exec sleep 1000"));
    const auto first = co_await (child.wait() || sleep_for(5ms));
    EXPECT_EQ(first.index(), 1u);
    EXPECT_FALSE(child.exited());
  });
}

TEST_F(ChildTest, OneChildsEndIsNotAnothers) {
  run_task([&]() -> Task<void> {
    Child killed = co_await spawn(fed("exec cat"));
    Child other = co_await spawn(fed("exec cat"));
    co_await killed.kill_tree();
    EXPECT_TRUE(co_await other.write_stdin("alive\n"));
    EXPECT_EQ(co_await stdout_line(other), "alive");
    EXPECT_FALSE(other.exited());
  });
}

}  // namespace
}  // namespace wsfault::net
