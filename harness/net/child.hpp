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

/// Whom a signal reaches: the whole process tree (daemonised grandchildren too), the first process only, or,
/// where that is a shell, the programs that it runs (programs_of_shell()).
enum class Scope { tree, main, programs };

struct ExitStatus {
  int code = 0;    ///< exit code, where it exited
  int signal = 0;  ///< the signal that ended it, else 0
};

struct ChildSpec {
  std::vector<std::string> argv;                                 ///< argv[0] is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the harness's own
  std::string cwd;                                               ///< empty: the harness's
  bool pipe_stdin = false;                                       ///< else /dev/null
};

class LineReader;

/// A running process tree. Destroying it kills the tree (in the background; kill_tree() waits for it), and
/// ends what waits on it: read_… with none, wait() with SIGKILL. To be destroyed before its io_context; while
/// it lives its keeper is listened to, which is work for the io_context. What daemonises or leaves the
/// session stays in the tree.
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
  /// A line longer than 64 KiB comes in pieces of that size. One reader each. The end comes when the whole
  /// tree has closed the pipe, which a daemon may do long after the first process's end.
  Task<std::optional<std::string>> read_stdout();
  Task<std::optional<std::string>> read_stderr();
  /// Writes to its stdin (pipe_stdin); false when it is gone.
  Task<bool> write_stdin(std::string bytes);
  void close_stdin();

  /// What was read of a line of stdout, of stderr, that has not ended yet; it is not read again.
  std::string take_unfinished_stdout();
  std::string take_unfinished_stderr();
  /// Reaches nothing, without an error, where the processes are gone. SIGSTOP to a tree stops all of it.
  void signal(int number, Scope scope = Scope::tree);
  /// Waits for the first process's end. What could not be started has exited with 127, as in a shell.
  Task<ExitStatus> wait();
  std::optional<ExitStatus> exited() const;
  /// SIGKILL to every process of the tree, and waits (at most 5 s) until they are reaped; see trouble().
  Task<void> kill_tree();
  /// Whom Scope::programs reaches. Empty where nothing lives.
  std::vector<pid_t> programs() const;
  /// What was wrong with its end, as the end of a sentence: "it stopped the process that watches it …";
  /// empty: nothing.
  const std::string& trouble() const;
  /// Ends what waits on it, as destroying it does.
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
  std::shared_ptr<State> state_;  ///< shared with what is waiting on it
};

/// The small process that outlives the harness just long enough to clean up: when the pipe to the harness
/// ends (exit, crash, SIGKILL) it kills every descendant of every child and deletes the run's folder.
class Warden {
 public:
  /// Forks it. Call before there are threads or an io_context. Makes a fresh folder for the run below $TMPDIR
  /// (/tmp), readable by the user alone. Throws std::system_error.
  static Warden start();
  ~Warden();
  Warden(Warden&&) noexcept;
  Warden& operator=(Warden&&) noexcept;

  const std::string& folder() const;
  pid_t pid() const;
  /// Starts a process under a keeper of its own, which is its subreaper; waits for its exec (10 s at most).
  /// Its process group is its own, its signals are at their defaults, it holds no descriptor but 0, 1 and 2.
  /// `spec` must outlive the wait. Throws std::system_error only where the harness itself is out of
  /// descriptors. Its soft limit of descriptors is that which the harness was given.
  Task<Child> spawn(const asio::any_io_executor& executor, const ChildSpec& spec);
  /// Ends it: everything is killed, reaped and deleted when this returns; after 15 s the warden itself is
  /// killed. Children that are still held are killed too, and say so as after a SIGKILL. The destructor does
  /// the same.
  void stop();

 private:
  struct State;
  explicit Warden(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wsfault::net
