// Sees attempts to connect to a port where nobody listens: the kernel refuses them, and tells nobody.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/task_group.hpp"

namespace wsfault::net {

/// From its beginning to stop(). It needs the right to open a raw socket (capabilities(7): CAP_NET_RAW) and
/// an IPv4 address; without them it sees nothing.
class AttemptWatch {
 public:
  /// From now on the kernel stamps what arrives. It begins with that some milliseconds after it is asked for the
  /// first time on a machine, and what it has not stamped seems to come when it is read: ask early.
  static void prepare();
  /// How long ago the attempt reached the kernel: a busy process reads several at once.
  using OnAttempt = std::function<void(std::chrono::nanoseconds ago)>;
  AttemptWatch(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port,
               OnAttempt on_attempt);
  ~AttemptWatch();
  bool is_active() const { return state_ != nullptr; }
  /// Waits for attempts until it is destroyed; keeps itself alive meanwhile.
  Task<void> run();
  /// Tells now of what has arrived and was not read yet, before it is stopped.
  void drain();
  void stop();

 private:
  struct State;
  static int read_all(State& state);
  static Task<void> watch(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace wsfault::net
