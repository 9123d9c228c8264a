// The system under test as a child process: rendered, started, read, signalled, ended.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fault/party_fault.hpp"
#include "model/system.hpp"
#include "net/child.hpp"
#include "net/task_group.hpp"
#include "record/event_log.hpp"

namespace wsfault::runner {

class SystemProcess {
 public:
  /// `party` is its name in the log; `variables` are those of its start command, environment and files.
  SystemProcess(const net::asio::any_io_executor& executor, net::Warden& warden, const model::System& system,
                std::string party, std::map<std::string, std::string> variables, record::EventLog& log);

  /// Renders its files and starts it; one sentence if that fails. `folder` is the value of ${dir}.
  net::Task<std::string> start(std::string folder);
  /// Before start(): in the network namespace of that process.
  void live_in_network_of(pid_t process) { network_of_ = process; }
  void find_names_in(std::string hosts_file) { hosts_file_ = std::move(hosts_file); }
  void signal(const fault::Signal& signal);
  /// Takes the unfinished lines that it has printed: no more will be waited for.
  void take_unfinished_lines();
  /// Ends what remains of it and starts it again; one sentence if that fails.
  net::Task<std::string> restart();
  /// Sends its stop signal first and waits for `grace`, then kills the whole tree. Errors are in trouble().
  net::Task<void> stop(Duration grace);
  /// Waits until all its output is read, at most a second after stop().
  net::Task<void> join();
  /// One sentence; empty: it ended properly.
  const std::string& trouble() const { return trouble_; }

  bool started() const { return child_.has_value(); }
  int pid() const { return child_ ? child_->pid() : 0; }
  /// The pid of the program if the first process is a shell that runs it: what a command may signal.
  int program_pid() const;
  /// Its first process has not ended.
  bool running() const { return child_ && !child_->exited(); }
  /// None of its processes is alive.
  bool is_gone() const;
  /// Its output, at most the last MiB.
  const std::deque<record::OutputLine>& output() const { return output_; }

 private:
  net::Task<std::string> launch();
  std::string render_command();
  net::Scope own_scope() const;
  using ReadLine = net::Task<std::optional<std::string>> (net::Child::*)();
  net::Task<void> read(const char* stream, ReadLine next);
  net::Task<void> await_exit();
  void take_line(const std::string& stream, const std::string& line);
  /// True: it was a report.
  bool take_report_or_output(const std::string& stream, const std::string& line);
  bool reports_json() const;
  void fail(std::string why);
  void keep(record::OutputLine line);
  net::Task<void> kill_tree();
  bool take_json(const std::string& line);
  bool take_pattern(const std::string& line);
  record::Where where() const { return {{}, party_, 0}; }

  net::asio::any_io_executor executor_;
  net::Warden& warden_;
  const model::System& system_;
  std::string party_;
  std::map<std::string, std::string> variables_;
  record::EventLog& log_;
  net::ChildSpec spec_;
  pid_t network_of_ = 0;
  std::string hosts_file_;
  std::optional<net::Child> child_;
  net::TaskGroup tasks_;
  std::deque<record::OutputLine> output_;
  std::size_t output_size_ = 0;  // bytes
  std::string trouble_;
};

}  // namespace wsfault::runner
