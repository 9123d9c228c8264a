// What a script's player needs of the world: a place for its events, and moments of the whole run.
#pragma once

#include <cstdint>
#include <string>

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
  /// A step that injects, its script's side having written `written` bytes on that connection so far: records
  /// the mark at which the fault strikes once these have passed to the other side, so that the fault
  /// overtakes and loses none of them. It does not wait for what no longer moves. Returns when the mark is
  /// recorded.
  virtual net::Task<void> inject(int connection, std::string mark, std::uint64_t written) = 0;
  /// The next number of ${seq}: it runs on across connections.
  virtual std::uint64_t next_sequence() = 0;
};

}  // namespace wsfault::actor
