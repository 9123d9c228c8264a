// What a server did about a break, held against the row; and what it owes a client whatever happens.
#pragma once

#include <optional>
#include <string>

#include "verdict/oracle/client.hpp"
#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_outcome.hpp"
#include "verdict/oracle/server_log.hpp"

namespace wsfault::verdict::oracle {

struct ServerScene {
  const ServerLog& log;
  const Case& scenario;
  Moment moment;

  /// So long after `from`, scaled and without time in which the server stood still.
  std::int64_t later(std::int64_t from, Duration limit) const;
  /// Pending until `due`, violated behind it or where nothing will follow; nothing while it stands still.
  Opinion wait_until(std::int64_t due, std::string says, Cause cause) const;
};

/// A break of one of its connections, and what it came to.
struct ServerCase {
  const Leg& served;
  const Break& broke;
  const Row& row;
  Deadlines times;
  Did did;
};

ServerCase server_case(const Leg& served, const Break& broke, const Row& row, const ServerScene& scene);

/// Is it in the row, and in its time? The cause is set where it is not.
Opinion opinion_on_server(const ServerCase& it, const ServerScene& scene);
/// Behind its Close it ends TCP: at once where both have sent theirs (RFC 6455 7.1.1), else in its close
/// limit.
Opinion opinion_on_tcp_end(const Leg& served, const ServerScene& scene);
/// A sound request that was not answered with 101: right only while all places are taken.
Opinion opinion_on_answer(const Leg& served, const ServerScene& scene);
/// The last ping of the client is answered with its own data (RFC 6455 5.5.3).
Opinion opinion_on_pongs(const Leg& served, const ServerScene& scene);
/// What it put on the wire that no endpoint may send, and a 101 that a client must refuse.
Opinion opinion_on_its_bytes(const Leg& served);
/// It let one in though all places were taken.
Opinion opinion_on_places(const Leg& served, const ServerScene& scene);

}  // namespace wsfault::verdict::oracle
