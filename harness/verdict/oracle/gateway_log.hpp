// A gateway's log by connection, seen from the gateway: what its clients and its backends sent it, and what
// it sent them. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "verdict/observation.hpp"

namespace wsfault::verdict::oracle {

using SeenMessage = Seen<record::MessageSeen>;
using SeenAnswer = Seen<record::ResponseSeen>;

/// The header by which a probe client's connection is known again behind a gateway.
inline constexpr std::string_view connection_header = "Wsfault-Connection";

/// One connection on one side of the gateway.
struct Leg {
  std::string link;
  std::string party;  ///< on the link's client side
  Observed seen;      ///< `received` and `ended` are what reached the gateway, `sent` and `own_end` its own
  std::string key;    ///< the value of the header; of a client without one "name-number"; else empty
  /// Did the request ask for an upgrade when it arrived at the other end?
  bool upgrade = true;

  // Of a client's connection: what the gateway answered.
  std::optional<SeenAnswer> answered;
  std::optional<std::int64_t> interim;
  std::optional<Seen<record::NotHttp>> garbled;

  std::vector<SeenMessage> passed;                        ///< whole messages that the gateway sent here
  std::vector<Seen<record::ViolationSeen>> broke_itself;  ///< in what the gateway sent
  std::optional<std::size_t> peer_close_sent;             ///< index: its peer put a Close on the wire
  std::optional<std::size_t> own_close_arrived;           ///< index: the gateway's Close reached its peer

  int number() const { return seen.number; }
  /// Of a client's connection: the gateway answered 101, valid or not.
  bool opened() const { return answered && answered->fact->head->status == 101; }
  bool over() const { return seen.ended || seen.own_end; }
};

/// A request that reached a backend without its upgrade.
struct PlainRequest {
  std::int64_t at = 0;
  std::size_t index = 0;
  std::string key;
  std::string target;
  std::optional<int> status;  ///< of its answer
};

struct Legs {
  std::vector<Leg> fronts;  ///< in the order of their accepts
  std::vector<Leg> backs;
  std::vector<PlainRequest> plain;
  std::vector<Span> refused;  ///< a backend refused connections
  /// The gateway itself: its process, and time in which it stood still.
  Observation gateway;
};

Legs read_legs(const std::vector<record::Event>& events);

}  // namespace wsfault::verdict::oracle
