// Which connection a report speaks of: only a probe client's name it. The one rule, for all that ask.
#pragma once

#include <functional>

#include "trace/trace.hpp"

namespace wsfault::trace {

/// A close or an error belongs to the latest connection accepted before it that has no close report yet; an
/// earlier one that is struck and unreported comes first where the later is brand new (a party's output and
/// its sockets have no order between them), and an error right after a close speaks of the same connection.
/// What fits none belongs to number 0.
class Attribution {
 public:
  /// `nobody` makes the caller's number 0 where it has none, at the time of the report; `touch` is told what
  /// changes.
  Attribution(Caller& caller, std::function<Connection&()> nobody, std::function<void(Connection&)> touch)
      : caller_(caller), nobody_(std::move(nobody)), touch_(std::move(touch)) {}

  /// Of a report that names no connection.
  void add(const SeenReport& report);
  void add(const SeenReport& report, Connection& named);

 private:
  Connection* owner_of_open() const;
  Connection* owner_of_end(std::int64_t at) const;
  Connection* owner_after_close(std::int64_t at) const;
  Connection* owner_of_error(std::int64_t at) const;
  void put(Connection& owner, const SeenReport& report);

  Caller& caller_;
  std::function<Connection&()> nobody_;
  std::function<void(Connection&)> touch_;
};

}  // namespace wsfault::trace
