// Which connection a report concerns, as only a probe client's reports name it. The only implementation of
// this rule.
#pragma once

#include <functional>

#include "trace/trace.hpp"

namespace wsfault::trace {

/// A close or an error belongs to the latest connection accepted before it that has no close report yet. An
/// earlier one that is struck and unreported takes precedence if the later one is brand new (a party's output
/// and its sockets have no order between them), and an error right after a close concerns the same
/// connection. An error concerns no connection that is open and sound while another waits for its 101. A message
/// belongs to the latest open one; what is beside it may be meant as well, which is kept. A report that fits no
/// connection belongs to number 0.
class Attribution {
 public:
  /// `nobody` creates the caller's number 0 if it has none, at the time of the report; `touch` is called with
  /// each connection that changes.
  Attribution(Caller& caller, std::function<Connection&()> nobody, std::function<void(Connection&)> touch)
      : caller_(caller), nobody_(std::move(nobody)), touch_(std::move(touch)) {}

  /// For a report that names no connection.
  void add(const SeenReport& report);
  /// Of an attempt that was refused.
  void add_to_nobody(const SeenReport& report);
  void add(const SeenReport& report, Connection& named);

 private:
  Connection* owner_of_open() const;
  Connection* owner_of_end(std::int64_t at) const;
  Connection* owner_after_close(std::int64_t at) const;
  Connection* owner_of_error(std::int64_t at) const;
  Connection* latest_unopened() const;
  void put_message(const SeenReport& report);
  void put(Connection& owner, const SeenReport& report);

  Caller& caller_;
  std::function<Connection&()> nobody_;
  std::function<void(Connection&)> touch_;
};

}  // namespace wsfault::trace
