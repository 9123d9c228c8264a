// What a script's player needs of the world: a place for its events, and moments of the whole run.
#pragma once

#include "fault/moment.hpp"
#include "net/asio.hpp"
#include "record/event.hpp"

namespace wsfault::actor {

class ScriptHost {
 public:
  virtual ~ScriptHost() = default;
  /// An event of the connection with that number (0: of none).
  virtual void record(int connection, record::What what) = 0;
  /// Until the moment comes (or came since the connection's start); returns at once when the run ends.
  virtual net::Task<void> until(const fault::Moment& moment, int connection) = 0;
  /// The next number of ${seq}: it runs on across connections.
  virtual std::uint64_t next_sequence() = 0;
};

}  // namespace wsfault::actor
