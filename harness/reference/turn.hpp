// One at a time: who has the turn lets all others wait. Of the defect blocks-others.
#pragma once

#include "net/asio.hpp"
#include "net/event_gate.hpp"

namespace wsfault::reference {

class TurnHolder;

/// One thread, no locks; outlives its holders.
class Turn {
 public:
  explicit Turn(const net::asio::any_io_executor& executor) : changed_(executor) {}
  /// Until nobody has it.
  net::Task<void> free();

 private:
  friend class TurnHolder;
  net::EventGate changed_;
  const TurnHolder* holder_ = nullptr;
};

/// One of those that share a turn; gives it back when destroyed.
class TurnHolder {
 public:
  /// Without a turn nothing waits for anything.
  explicit TurnHolder(Turn* turn) : turn_(turn) {}
  ~TurnHolder() { give(); }
  TurnHolder(const TurnHolder&) = delete;
  TurnHolder& operator=(const TurnHolder&) = delete;

  /// Waits until it is this one's; at once if it is already.
  net::Task<void> take();
  void give();

 private:
  Turn* turn_;
};

}  // namespace wsfault::reference
