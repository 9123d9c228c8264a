// What a gateway did about a break, on the side that was still well, held against the row.
#pragma once

#include <optional>
#include <string>

#include "verdict/case.hpp"
#include "verdict/oracle/client_outcome.hpp"
#include "verdict/oracle/gateway_break.hpp"
#include "verdict/oracle/row.hpp"

namespace wsfault::verdict::oracle {

/// The first thing that ends or settles a connection, as the gateway put it on the wire.
struct Did {
  enum class Kind { nothing, answer, open, garbage, close, end };
  Kind kind = Kind::nothing;
  int value = 0;  ///< a status, a close code (1005: an empty one)
  std::string reason;
  bool flawed = false;  ///< of open: a client must refuse this 101
  bool reset = false;   ///< of end
  std::int64_t at = 0;
  std::size_t index = 0;

  bool is(Kind other) const { return kind == other; }
};
/// Before its 101 an answer counts, after it a Close or an end.
Did did_to_client(const Leg& front, State state);
Did did_to_backend(const Leg& back);

/// A break of one of its clients' connections, and what it came to.
struct GatewayCase {
  const Pair& pair;
  const GatewayBreak& began;
  const Row& row;
  const Case& scenario;
  State state;  ///< in which the client's connection was when its row was picked
  Did did;

  const Break& broke() const { return began.broke; }
  model::Kind kind() const { return scenario.system.kind; }
  bool is_peer() const { return kind() == model::Kind::websocket; }
};

/// The gateway sent to the client, byte for byte, what its backend sent to it.
bool passed_to_client(const GatewayCase& it);
bool passed_to_backend(const GatewayCase& it);

/// Is it in the row? The cause is set where it is not.
Opinion opinion_on_client(const GatewayCase& it);
Opinion opinion_on_backend(const GatewayCase& it);

/// Whole messages that reached the gateway before `until` and never left it on the other side.
Opinion opinion_on_tail(const GatewayCase& it);

}  // namespace wsfault::verdict::oracle
