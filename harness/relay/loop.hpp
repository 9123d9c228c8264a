// Waits for many sockets at once, beside Asio and on its thread: one call of epoll_wait(2) for all that are
// ready, and no allocation for any.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "net/asio.hpp"
#include "net/file_descriptor.hpp"

namespace wsfault::relay {

class Loop;

/// One of so many reads is measured: a look at the clock costs more than most of what the relay does.
inline constexpr unsigned measured_reads = 16;

/// Owns sockets whose events it is told of.
class Watcher {
 public:
  explicit Watcher(Loop& loop);
  virtual ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  /// `which` as given to Loop::watch(), `events` of epoll(7), edge-triggered; 0: its turn has come that it
  /// asked for.
  virtual void ready(unsigned which, std::uint32_t events) = 0;

 protected:
  Loop& loop_;
};

class Loop : public net::asio::execution_context::service {
 public:
  using key_type = Loop;
  static inline net::asio::execution_context::id id;
  explicit Loop(net::asio::execution_context& context);
  ~Loop() override;

  /// The one of the executor's thread.
  static Loop& of(const net::asio::any_io_executor& executor);

  /// From now on the watcher is told of all events of that socket, until it is closed. `which` is 0 or 1.
  /// False: the kernel has no memory for it; errno says so.
  bool watch(int socket, Watcher& watcher, unsigned which);
  /// It is no longer told of that socket, which stays open.
  void forget(int socket);
  /// The watcher is asked again once all others have had their turn.
  void ask_again(Watcher& watcher) { again_.push_back(&watcher); }
  /// Destroys it once no event can refer to it any more.
  void bury(std::unique_ptr<Watcher> watcher);
  /// Once in measured_reads.
  bool measures() { return ++read_ % measured_reads == 0; }
  /// Since it was told of the events that are looked at now.
  std::chrono::nanoseconds in_turn() const;
  /// For whoever reads at the moment: what is in it is gone with the next turn.
  std::span<char> buffer() { return buffer_; }

 private:
  friend class Watcher;
  void count(int change);
  void shutdown() override;
  void wait();
  void run();
  bool take_turn();

  net::FileDescriptor epoll_;
  net::asio::posix::stream_descriptor ready_;  // the same, as Asio waits for it
  std::vector<char> buffer_;
  std::vector<Watcher*> again_;
  std::vector<Watcher*> asked_;
  std::vector<std::unique_ptr<Watcher>> buried_;
  std::chrono::steady_clock::time_point turn_began_;
  unsigned read_ = 0;
  int watchers_ = 0;  // while there are none, Asio has nothing to wait for
  bool waits_ = false;
  bool takes_turn_ = false;
  bool over_ = false;
};

}  // namespace wsfault::relay
