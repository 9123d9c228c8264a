// What a script's player needs from its environment: a log for its events, and moments of the whole run.
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
  /// Waits until the moment comes (or came since the connection's start); returns at once when the run ends.
  virtual net::Task<void> until(const fault::Moment& moment, int connection) = 0;
  /// For a step that injects, after its script has written `written` bytes on that connection: records the
  /// mark at which the fault strikes once these bytes have been forwarded, so that the fault does not
  /// overtake or lose any of them. It does not wait for bytes that no longer move. Returns when the mark is
  /// recorded.
  virtual net::Task<void> inject(int connection, std::string mark, std::uint64_t written) = 0;
  /// The next number for ${seq}; it continues across connections.
  virtual std::uint64_t next_sequence() = 0;
};

}  // namespace wsfault::actor
