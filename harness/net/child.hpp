// Child processes that cannot outlive the run: a warden, started first, holds a pipe to the harness.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/asio.hpp"

namespace wsfault::net {

/// Which processes a signal reaches: the whole process tree (daemonised grandchildren too), only the first
/// process, or, if that is a shell, the programs that it runs (programs_of_shell()).
enum class Scope { tree, main, programs };

struct ExitStatus {
  int code = 0;    ///< exit code, if it exited
  int signal = 0;  ///< the signal that ended it; 0 if none
};

struct ChildSpec {
  std::vector<std::string> argv;                                 ///< argv[0] is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the harness's own
  std::string cwd;                                               ///< empty: the harness's
  bool pipe_stdin = false;                                       ///< else /dev/null
  std::string hosts_file;  ///< what it finds at /etc/hosts; empty: what is there
  pid_t network_of = 0;  ///< it joins the network namespace of that process; 0: it stays in the harness's
};

class LineReader;

/// A running process tree. Destroying it kills the tree (in the background; kill_tree() waits for it) and
/// ends every wait on it: read_… returns none, wait() returns SIGKILL. Destroy it before its io_context;
/// until then it reads from its keeper, which is work for the io_context. Processes that daemonise or leave
/// the session stay in the tree.
class Child {
 public:
  ~Child();
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;

  /// Of the first process; 0 if it could not be started.
  pid_t pid() const;
  /// Why it could not be started ("No such file or directory", "cannot enter /nowhere: …"); empty if it was.
  const std::string& start_error() const;

  /// The next line of stdout (stderr), without its newline; a last line without one counts; none at the end.
  /// A line longer than 64 KiB is returned in pieces of that size. One reader per stream. The end is reported
  /// when the whole tree has closed the pipe; with a daemon that may be long after the first process's end.
  Task<std::optional<std::string>> read_stdout();
  Task<std::optional<std::string>> read_stderr();
  /// Writes to its stdin (pipe_stdin); false when stdin is closed.
  Task<bool> write_stdin(std::string bytes);
  void close_stdin();

  /// What has been read of an unfinished line of stdout or stderr; it is not returned again.
  std::string take_unfinished_stdout();
  std::string take_unfinished_stderr();
  /// Does nothing, without an error, if the processes are gone. SIGSTOP to a tree stops all of it.
  void signal(int number, Scope scope = Scope::tree);
  /// Waits for the first process to end. A process that could not be started exits with 127, as in a shell.
  Task<ExitStatus> wait();
  std::optional<ExitStatus> exited() const;
  /// Sends SIGKILL to every process of the tree and waits (at most 5 s) until they are reaped; see trouble().
  Task<void> kill_tree();
  /// The processes that Scope::programs reaches. Empty if none is alive.
  std::vector<pid_t> programs() const;
  /// What went wrong at its end, as the end of a sentence: "it stopped the process that watches it …"; empty:
  /// nothing.
  const std::string& trouble() const;
  /// Ends every wait on it, as the destructor does.
  void let_go();
  /// Pids of all living processes of the tree.
  std::vector<pid_t> tree() const;

 private:
  friend class Warden;
  struct State;
  explicit Child(std::shared_ptr<State> state);
  static std::shared_ptr<State> request(const asio::any_io_executor& executor, int warden,
                                        const ChildSpec& spec, std::optional<int>& refused);
  static Task<Child> start(asio::any_io_executor executor, int warden, pid_t warden_pid,
                           const ChildSpec& spec);
  static Task<std::optional<std::string>> read_line(std::shared_ptr<State> state, LineReader State::*pipe);
  static Task<bool> write_all(std::shared_ptr<State> state, std::string bytes);
  static Task<ExitStatus> wait_for_end(std::shared_ptr<State> state);
  static Task<void> kill_and_wait(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  ///< shared with the coroutines that wait on it
};

/// The small process that outlives the harness only to clean up: when the pipe to the harness ends (exit,
/// crash, SIGKILL) it kills every descendant of every child and deletes the run's folder.
class Warden {
 public:
  /// Forks it. Call before there are threads or an io_context. Makes a new folder for the run in $TMPDIR
  /// (/tmp), readable only by the user. Throws std::system_error.
  static Warden start();
  ~Warden();
  Warden(Warden&&) noexcept;
  Warden& operator=(Warden&&) noexcept;

  const std::string& folder() const;
  pid_t pid() const;
  /// Starts a process under its own keeper, which is its subreaper; waits for its exec (10 s at most). The
  /// process has its own process group, default signal handlers, and no descriptors except 0, 1 and 2. `spec`
  /// must outlive the wait. Throws std::system_error only if the harness itself is out of descriptors. The
  /// soft limit for descriptors is the one that the harness was started with.
  Task<Child> spawn(const asio::any_io_executor& executor, const ChildSpec& spec);
  /// Ends it: all processes are killed and reaped and the folder is deleted when this returns; after 15 s the
  /// warden itself is killed. Child objects that still exist are killed too, and report SIGKILL. The
  /// destructor does the same.
  void stop();

 private:
  struct State;
  explicit Warden(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wsfault::net
