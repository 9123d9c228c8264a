// SIGINT, SIGTERM and SIGHUP: the first asks the run to end, the second ends the process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "net/asio.hpp"

namespace wsfault::net {

/// From now on the first SIGINT, SIGTERM or SIGHUP (unless that was ignored, as nohup has it) is only noted
/// here and by InterruptionWatch. A further SIGINT or SIGTERM has its default effect. Where the process has
/// not ended 2.7 s after the first, it is ended then: a loop that is busy cannot hold it up.
void expect_interruption();
/// The signal that came; 0: none.
int interruption();
/// 129 after SIGHUP, 130 after another; `otherwise` where none came.
int interruption_exit_code(int otherwise);

/// Lets a loop notice an interruption.
class InterruptionWatch {
 public:
  /// `noticed` is called in the loop when the signal comes (at once where it has come); `grace` later the
  /// loop is stopped, see gave_up(). Keeps the loop running until cancel(). Without expect_interruption()
  /// it does nothing.
  InterruptionWatch(asio::io_context& io, std::chrono::nanoseconds grace,
                    std::function<void()> noticed = nullptr);
  void cancel();
  /// The loop was stopped with its tasks in the middle: it and all that they refer to is to be left_behind().
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

/// Kept until the process ends, and never destroyed: tasks that were stopped in the middle refer to it.
void leave_behind(std::shared_ptr<void> what);

}  // namespace wsfault::net
