// SIGINT, SIGTERM and SIGHUP: the first one asks the run to end, the second ends the process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "net/asio.hpp"

namespace wsfault::net {

/// From now on the first SIGINT, SIGTERM or SIGHUP (unless SIGHUP was ignored, as under nohup) is only
/// recorded here and by InterruptionWatch. A second SIGINT or SIGTERM has its default effect. If the process
/// has not ended 2.7 s after the first, it is ended then, even if its loop is busy.
void expect_interruption();
/// The signal received; 0: none.
int interruption();
/// 129 after SIGHUP, 130 after another signal; `otherwise` if there was none.
int interruption_exit_code(int otherwise);

/// Lets a loop notice an interruption.
class InterruptionWatch {
 public:
  /// `noticed` is called in the loop when the signal arrives (at once if it already has). The loop is stopped
  /// `grace` later, see gave_up(). Keeps the loop running until cancel(). Does nothing without
  /// expect_interruption().
  InterruptionWatch(asio::io_context& io, std::chrono::nanoseconds grace,
                    std::function<void()> noticed = nullptr);
  void cancel();
  /// The loop was stopped with unfinished tasks: pass it and everything they refer to to left_behind().
  bool gave_up() const { return gave_up_; }

 private:
  void give_up_later();

  asio::io_context& io_;
  std::chrono::nanoseconds grace_;
  std::function<void()> noticed_;
  asio::posix::stream_descriptor wake_;
  asio::steady_timer grace_over_;
  bool gave_up_ = false;
};

/// Kept until the process ends and never destroyed, because unfinished tasks refer to it.
void leave_behind(std::shared_ptr<void> what);

}  // namespace wsfault::net
