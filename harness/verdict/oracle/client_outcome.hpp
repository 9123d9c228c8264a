// What a client said and did about a break, held against the row: codes, its own Close, what it delivered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verdict/case.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/row.hpp"

namespace wsfault::verdict::oracle {

/// One part of the verdict on a connection.
struct Opinion {
  verdict::State state = verdict::State::holds;
  std::string says;             ///< why; may be empty
  Cause cause = Cause::none;    ///< none: of what broke the connection
  std::int64_t look_again = 0;  ///< while pending
};
/// Violated before inconclusive before pending before warned before holds; the first of the worst.
Opinion worst_of(const std::vector<Opinion>& opinions);

/// A connection and what broke it.
struct Situation {
  const Leg& connection;
  const Break& broke;
  const Row& row;
  const Case& scenario;
};

/// The first report that speaks of the end; an error counts before the 101, and where a close is not
/// promised.
std::optional<SeenReport> end_report(const Situation& it, bool closes_promised);

Opinion opinion_on_report(const Situation& it, const record::Report& report);
/// The Close that it put on the wire once the connection was broken, and what it delivered in spite of it.
Opinion opinion_on_wire(const Situation& it, bool wire_only);
/// It told of an open connection, or sent frames, and there was no valid 101.
std::optional<Opinion> opened_without_101(const Situation& it);

/// "it reported 1000, clean, after 12ms; on the wire: Close 1002, FIN from it".
std::string what_it_did(const Situation& it, bool wire_only);

}  // namespace wsfault::verdict::oracle
