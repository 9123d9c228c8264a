// Which connection behind a gateway belongs to which in front of it. Pure.
#pragma once

#include <optional>
#include <vector>

#include "model/system.hpp"
#include "verdict/oracle/break.hpp"

namespace wsfault::verdict::oracle {

/// A request that reached a backend without its upgrade.
struct PlainRequest {
  std::int64_t at = 0;
  std::size_t index = 0;
  std::string key;
  std::string target;
  std::optional<int> status;  ///< of its answer
};

/// A client's connection and what the gateway did for it behind; both as the gateway lives them.
struct Pair {
  const Leg* front = nullptr;           ///< never null
  const Leg* back = nullptr;            ///< of several attempts the last one; null: none
  const Leg* first = nullptr;           ///< the first attempt
  int attempts = 0;                     ///< that left a trace on the wire
  std::optional<PlainRequest> plain;    ///< the request reached a backend without its upgrade
  std::optional<std::int64_t> refused;  ///< since when the gateway's attempt for it met nobody
  bool dark = false;                    ///< and got no answer: it was not refused
  bool unclear = false;                 ///< several clients were waiting at once, and nothing joins them
};

/// It points into the trace, and shows what that had read when it was made.
struct Pairing {
  std::vector<Pair> pairs;        ///< in the order of the clients' accepts
  const trace::Process& process;  ///< the gateway's
  std::optional<std::int64_t> ready;
  std::vector<trace::Refusal> refused;  ///< its backends refused, or answered no attempt to connect
  std::vector<std::int64_t> found_nobody;  ///< when it reached for one in vain, where that can be seen; sorted
  bool contacted = false;       ///< it reached for a backend at least once
  bool asked_plainly = false;   ///< a backend got a plain HTTP request
  bool backend_struck = false;  ///< something broke behind it at least once
};

/// By the value of `Wsfault-Connection`; where the gateway drops it by order, as far as that is unambiguous.
Pairing pair_up(const trace::Trace& trace, model::Kind kind);

}  // namespace wsfault::verdict::oracle
