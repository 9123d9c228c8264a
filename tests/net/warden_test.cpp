// Nothing outlives the harness, however it ends.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "net/child.hpp"
#include "net/file_descriptor.hpp"
#include "net/process_tree.hpp"
#include "net/spawn_message.hpp"
#include "process_watch.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

/// Its processes print their pids and keep running: in the background, in their own session, without a
/// parent, and as a daemon.
constexpr const char* scattered_tree =
    "sh -c 'echo $$; exec sleep 1000' & setsid sh -c 'echo $$; exec sleep 1000' & "
    "(sh -c 'echo $$; exec sleep 1000' &) ; "
    "python3 -c 'import os,time\n"
    "if os.fork(): os._exit(0)\n"
    "os.setsid()\n"
    "if os.fork(): os._exit(0)\n"
    "print(os.getpid(), flush=True)\n"
    "time.sleep(1000)'; echo $$; wait";
constexpr int scattered_count = 5;

Task<std::vector<pid_t>> read_pids(Child& child) {
  std::vector<pid_t> pids;
  for (int i = 0; i < scattered_count; ++i) pids.push_back(std::stoi((co_await child.read_stdout()).value()));
  co_return pids;
}

// Functions, because braced lists do not compile inside a coroutine with g++ 12.
ChildSpec program_named(std::string name) { return {{std::move(name)}, {}, {}, false}; }
ChildSpec cat() { return {{"cat"}, {}, {}, true}; }
ChildSpec scattered_spec() { return {{"sh", "-c", scattered_tree}, {}, {}, false}; }

void fill_folder(const std::string& folder) {
  std::filesystem::create_directories(folder + "/deep/er");
  std::ofstream(folder + "/deep/er/file") << "something";
  std::filesystem::create_symlink("/usr", folder + "/deep/link");
}

void kill_politely(pid_t pid) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::kill(pid, number);
}

pid_t parent_of(pid_t pid) {
  for (const ProcessStat& process : list_processes())
    if (process.pid == pid) return process.parent;
  return 0;
}

TEST(Warden, MakesAFolderForTheUserAlone) {
  Warden warden = Warden::start();
  struct stat information {};
  ASSERT_EQ(::stat(warden.folder().c_str(), &information), 0);
  EXPECT_TRUE(S_ISDIR(information.st_mode));
  EXPECT_EQ(information.st_mode & 0777, 0700u);
  EXPECT_EQ(information.st_uid, ::geteuid());
}

TEST(Warden, MakesItsFolderBelowTmpdir) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  Warden outer = Warden::start();
  ::setenv("TMPDIR", outer.folder().c_str(), 1);
  EXPECT_EQ(Warden::start().folder().find(outer.folder() + "/wsfault-"), 0u);
  ::setenv("TMPDIR", "/nowhere", 1);
  EXPECT_THROW(Warden::start(), std::system_error);
  before != nullptr ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");
}

TEST(Warden, StopKillsReapsAndDeletes) {
  run_task([]() -> Task<void> {
    Warden warden = Warden::start();
    fill_folder(warden.folder());
    Child child = co_await warden.spawn(co_await asio::this_coro::executor, scattered_spec());
    const auto pids = co_await read_pids(child);
    const pid_t warden_pid = warden.pid();
    const pid_t keeper = parent_of(child.pid());
    warden.stop();  // the Child object still exists
    EXPECT_TRUE(all_gone(pids));
    EXPECT_EQ(process_state(warden_pid), '-');
    EXPECT_EQ(process_state(keeper), '-');
    EXPECT_FALSE(std::filesystem::exists(warden.folder()));
    EXPECT_EQ((co_await child.wait()).signal, SIGKILL);
    EXPECT_TRUE(std::filesystem::exists("/usr"));
    Child late = co_await warden.spawn(co_await asio::this_coro::executor, program_named("true"));
    EXPECT_EQ(late.start_error(), "the warden is gone");
  });
}

TEST(Warden, ItsDestructorDoesTheSame) {
  std::string folder;
  pid_t pid = 0;
  {
    Warden warden = Warden::start();
    folder = warden.folder();
    pid = warden.pid();
  }
  EXPECT_TRUE(all_gone({pid}));
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(Warden, IsDeafToWhatIsMeantForTheHarness) {
  run_task([]() -> Task<void> {
    Warden warden = Warden::start();
    Child child = co_await warden.spawn(co_await asio::this_coro::executor, cat());
    const pid_t keeper = parent_of(child.pid());
    kill_politely(warden.pid());
    kill_politely(keeper);
    EXPECT_NE(::getsid(warden.pid()), ::getsid(0));
    EXPECT_EQ(parent_of(keeper), warden.pid());
    EXPECT_TRUE(co_await child.write_stdin("alive\n"));
    EXPECT_EQ(co_await child.read_stdout(), "alive");
    Child another = co_await warden.spawn(co_await asio::this_coro::executor, program_named("true"));
    EXPECT_EQ(another.start_error(), "");
  });
}

TEST(Warden, CleansUpAfterAKilledKeeper) {
  run_task([]() -> Task<void> {
    Warden warden = Warden::start();
    Child child = co_await warden.spawn(co_await asio::this_coro::executor, scattered_spec());
    Child other = co_await warden.spawn(co_await asio::this_coro::executor, cat());
    const auto pids = co_await read_pids(child);
    ::kill(parent_of(child.pid()), SIGKILL);
    EXPECT_EQ((co_await child.wait()).signal, SIGKILL);
    EXPECT_TRUE(comes_true([&] { return all_gone(pids); }));
    EXPECT_TRUE(co_await other.write_stdin("alive\n"));
    EXPECT_EQ(co_await other.read_stdout(), "alive");
  });
}

TEST(Warden, AKilledWardenIsNoticedAndItsChildrenEndWithTheirHandles) {
  run_task([]() -> Task<void> {
    Warden warden = Warden::start();
    std::vector<pid_t> pids;
    {
      Child child = co_await warden.spawn(co_await asio::this_coro::executor, scattered_spec());
      pids = co_await read_pids(child);
      ::kill(warden.pid(), SIGKILL);
      EXPECT_TRUE(comes_true([&] { return process_state(warden.pid()) == 'Z'; }));
      Child late = co_await warden.spawn(co_await asio::this_coro::executor, program_named("true"));
      EXPECT_EQ(late.start_error(), "the warden is gone");
    }
    EXPECT_TRUE(comes_true([&] { return all_gone(pids); }));
    const std::string folder = warden.folder();
    warden.stop();
    EXPECT_FALSE(std::filesystem::exists(folder));
  });
}

/// Acts as a harness: starts a warden and two trees (one frozen), reports through `out` what exists, and
/// never ends by itself.
[[noreturn]] void stand_in_for_the_harness(int out) {
  run_task([&]() -> Task<void> {
    Warden warden = Warden::start();
    fill_folder(warden.folder());
    const auto executor = co_await asio::this_coro::executor;
    std::vector<Child> children;
    std::ostringstream told;
    told << warden.folder() << " " << warden.pid();
    for (int i = 0; i < 2; ++i) {
      children.push_back(co_await warden.spawn(executor, scattered_spec()));
      for (const pid_t pid : co_await read_pids(children.back())) told << " " << pid;
      told << " " << parent_of(children.back().pid());
    }
    children.back().signal(SIGSTOP);
    told << "\n";
    const std::string text = told.str();
    if (::write(out, text.data(), text.size()) < 0) ::_exit(1);
    co_await children.front().wait();
  });
  ::_exit(0);
}

TEST(Warden, OutlivesASigkillOfTheHarnessJustLongEnoughToCleanUp) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t harness = ::fork();
  ASSERT_GE(harness, 0);
  if (harness == 0) stand_in_for_the_harness(writing.get());
  writing.reset();

  std::string text;
  char byte = 0;
  while (::read(reading.get(), &byte, 1) == 1 && byte != '\n') text += byte;
  std::istringstream told(text);
  std::string folder;
  told >> folder;
  std::vector<pid_t> pids;
  for (pid_t pid = 0; told >> pid;) pids.push_back(pid);
  ASSERT_EQ(pids.size(), 1u + 2 * (scattered_count + 1));
  ASSERT_TRUE(std::filesystem::exists(folder + "/deep/er/file"));

  ASSERT_EQ(::kill(harness, SIGKILL), 0);
  ASSERT_EQ(::waitpid(harness, nullptr, 0), harness);
  // The warden is an orphan now: its new parent may leave it a zombie, which is no longer a running process.
  const auto has_ended = [](pid_t pid) {
    const char state = process_state(pid);
    return state == '-' || state == 'Z';
  };
  EXPECT_TRUE(comes_true([&] { return std::ranges::all_of(pids, has_ended); }));
  EXPECT_TRUE(comes_true([&] { return !std::filesystem::exists(folder); }));
}

TEST(ProcessTree, ReadsProcStat) {
  EXPECT_EQ(parse_stat("42 (sh) S 7 42 42 0 -1 4194304 …"), (ProcessStat{42, 7, 'S'}));
  EXPECT_EQ(parse_stat("42 (a) R 1 (b) c) T 7 42"), (ProcessStat{42, 7, 'T'}));
  for (const char* text :
       {"", "42", "42 (sh)", "42 (sh) S", "42 (sh) S ", "42 (sh) S x", "x (sh) S 7", "42 (sh S 7"})
    EXPECT_EQ(parse_stat(text), std::nullopt) << text;
}

TEST(ProcessTree, WalksParentsFirstAndSparesSubtrees) {
  const std::vector<ProcessStat> processes = {{5, 4, 'S'}, {2, 1, 'S'}, {4, 2, 'S'},
                                              {3, 1, 'S'}, {6, 3, 'S'}, {9, 8, 'S'}};
  const auto pids = [](const std::vector<ProcessStat>& list) {
    std::vector<pid_t> result;
    for (const ProcessStat& process : list) result.push_back(process.pid);
    return result;
  };
  EXPECT_EQ(pids(descendants(processes, 1)), (std::vector<pid_t>{2, 3, 4, 6, 5}));
  EXPECT_EQ(pids(descendants(processes, 1, std::vector<pid_t>{2})), (std::vector<pid_t>{3, 6}));
  EXPECT_EQ(pids(descendants(processes, 5)), std::vector<pid_t>{});
  const std::vector<ProcessStat> circle = {{1, 2, 'S'}, {2, 1, 'S'}, {3, 3, 'S'}};
  EXPECT_EQ(pids(descendants(circle, 1)), std::vector<pid_t>{2});
}

/// A shell that waits with two children, one of which has one of its own.
TEST(ProcessTree, IsTheSameFromItsOwnListsAsFromAllProcesses) {
  const pid_t shell = ::fork();
  ASSERT_GE(shell, 0);
  if (shell == 0) {
    ::setpgid(0, 0);
    ::execl("/bin/sh", "sh", "-c", "sleep 60 & { sleep 60 & wait; } & wait", nullptr);
    ::_exit(127);
  }
  ::setpgid(shell, shell);
  const auto pids = [](const std::vector<ProcessStat>& list) {
    std::set<pid_t> result;
    for (const ProcessStat& process : list) result.insert(process.pid);
    return result;
  };
  EXPECT_TRUE(comes_true([&] { return descendants_of(shell).size() == 3; }));
  EXPECT_EQ(pids(descendants_of(shell)), pids(descendants(list_processes(), shell)));
  EXPECT_EQ(pids(descendants_of(::getpid())), pids(descendants(list_processes(), ::getpid())));
  const std::vector<pid_t> spared{shell};
  EXPECT_FALSE(pids(descendants_of(::getpid(), spared)).contains(shell));
  ::kill(-shell, SIGKILL);
  ::waitpid(shell, nullptr, 0);
  EXPECT_TRUE(descendants_of(shell).empty());
}

TEST(SpawnMessage, TravelsWhole) {
  const SpawnMessage message = {{"program_named", "", std::string("a\0b", 3)},
                                {"A=1", "B=" + std::string(100'000, 'x')},
                                "/",
                                "7",
                                "/tmp/hosts"};
  EXPECT_EQ(parse_spawn_message(read_memory_file(make_memory_file(serialise(message)))), message);
}

TEST(SpawnMessage, RefusesAnythingElse) {
  const std::string bytes = serialise({{"program_named", "argument"}, {"A=1"}, "/tmp"});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(parse_spawn_message(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
  EXPECT_EQ(parse_spawn_message(bytes + "x"), std::nullopt);
  EXPECT_EQ(parse_spawn_message(std::string(64, '\xff')), std::nullopt);
}

}  // namespace
}  // namespace wsfault::net
