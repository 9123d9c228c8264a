// What a Child and the tasks that read and wait for it share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/child.hpp"
#include "net/event_gate.hpp"
#include "net/line_reader.hpp"
#include "net/spawn_message.hpp"

namespace wsfault::net {

struct Child::State : std::enable_shared_from_this<Child::State> {
  State(const asio::any_io_executor& executor, FileDescriptor in_end, FileDescriptor out_end,
        FileDescriptor err_end, FileDescriptor control_end)
      : in(executor),
        out(executor, out_end.release()),
        err(executor, err_end.release()),
        control(executor, control_end.release()),
        changed(executor) {
    if (in_end.is_open()) in.assign(in_end.release());
    if (in.is_open()) in.non_blocking(true);
  }

  /// Whether the start succeeded: `failed` if the keeper is gone, none if it has not reported yet.
  std::optional<Report> first_report();
  void started(const Report& report, const ChildSpec& spec);
  void listen_to_keeper();
  void heard(const Report& report);
  void keeper_gone();
  bool tell(const Command& command);
  void wake_keeper() const;
  void note_stopped_keeper();
  void close();

  asio::posix::stream_descriptor in;
  LineReader out;
  LineReader err;
  asio::posix::stream_descriptor control;
  EventGate changed;  ///< notified when something below changes

  pid_t pid = 0;
  pid_t keeper = 0;          ///< 0: gone
  std::string command_line;  ///< as started, with a NUL after each word
  std::string start_error;
  std::optional<ExitStatus> status;
  bool tree_gone = false;  ///< final: a keeper starts only one process
  std::string trouble;

  Report incoming;  ///< being read
};

/// The report of a start that failed before the keeper could say anything; `error`: an errno.
Report no_start(int error);

}  // namespace wsfault::net
