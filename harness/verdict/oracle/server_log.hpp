// A server's log by connection, seen from the server: what its clients sent it, and what it sent them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "verdict/oracle/gateway_log.hpp"

namespace wsfault::verdict::oracle {

/// One connection of a client to the server. Of `leg.seen` the request is as it arrived, the answer as the
/// server sent it; reports of its client are left out.
struct Served {
  Leg leg;
  std::optional<std::int64_t> dialled;      ///< the server's system accepted TCP
  std::optional<std::int64_t> unreachable;  ///< it refused
  bool script_over = false;                 ///< its client has played its steps, or failed in one
  std::string awaits;                       ///< what its client's script must see next; empty: nothing
  bool upgrade_asked = true;                ///< of a request: it asks for the upgrade

  const Observed& seen() const { return leg.seen; }
  /// After an RST from its client nothing that the server does can be seen.
  bool out_of_sight() const;
};

/// How many connections had begun, less those that had ended, at any time.
class Tally {
 public:
  void add(std::int64_t begin, std::optional<std::int64_t> end);
  /// Once, after all were added.
  void sort();
  std::int64_t at(std::int64_t time) const;

 private:
  std::vector<std::int64_t> begins_;
  std::vector<std::int64_t> ends_;
};

struct ServerLog {
  std::vector<Served> connections;  ///< in the order of their accepts
  Observation server;               ///< its process, and time in which it stood still
  Tally places;                     ///< connections that may hold one: accepted, not ended for the grace
  Tally open;                       ///< those open beyond doubt: let in before, and neither side ends it
};

ServerLog read_server(const std::vector<record::Event>& events);

}  // namespace wsfault::verdict::oracle
