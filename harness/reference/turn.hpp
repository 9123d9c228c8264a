// One at a time: the holder of the turn makes all others wait. Of the defect blocks-others.
#pragma once

#include "net/asio.hpp"
#include "net/event_gate.hpp"

namespace wsfault::reference {

class TurnHolder;

/// One thread, no locks; must outlive its holders.
class Turn {
 public:
  explicit Turn(const net::asio::any_io_executor& executor) : changed_(executor) {}
  /// Waits until nobody holds it.
  net::Task<void> free();

 private:
  friend class TurnHolder;
  net::EventGate changed_;
  const TurnHolder* holder_ = nullptr;
};

/// One of the users of a shared turn; releases it when destroyed.
class TurnHolder {
 public:
  /// Without a turn there is no waiting.
  explicit TurnHolder(Turn* turn) : turn_(turn) {}
  ~TurnHolder() { give(); }
  TurnHolder(const TurnHolder&) = delete;
  TurnHolder& operator=(const TurnHolder&) = delete;

  /// Waits until this one holds the turn; returns at once if it already does.
  net::Task<void> take();
  void give();

 private:
  Turn* turn_;
};

}  // namespace wsfault::reference
