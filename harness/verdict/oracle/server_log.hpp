// What a server has served: its connections, and how many it held at any time. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/system.hpp"
#include "verdict/effect.hpp"

namespace wsfault::verdict::oracle {

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
  std::vector<const Leg*> connections;  ///< the server's sides, in the order of their accepts
  const trace::Process& process;
  std::optional<std::int64_t> ready;
  Tally places;  ///< connections that may hold one: accepted, not ended for the grace
  Tally open;    ///< those open beyond doubt: let in before, and neither side ends it
};

/// The server's sides of all connections to it, in the order of their accepts.
std::vector<const Leg*> served_legs(const trace::Trace& trace);
/// It points into the trace, and shows what that had read when it was made. The places are counted where the
/// system declares how many it has (`max_connections`).
ServerLog read_server(const trace::Trace& trace, const model::Traits& traits);
/// After an RST from its client nothing that the server does can be seen.
bool is_out_of_sight(const Leg& served);

}  // namespace wsfault::verdict::oracle
