// What one party sees at its end of a link.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "trace/trace.hpp"

namespace wsfault::trace {

/// The viewpoint: the connections that `party` makes on `link`, seen from one of their sides.
struct Vantage {
  std::string link = "link";
  std::string party = "sut";
  record::Side side = record::Side::client;
};

/// It points into the trace.
struct View {
  const Caller& caller;
  record::Side side;
  const Process& process;             ///< that of `party`
  const std::vector<Refusal>& refused;  ///< when nobody accepted on the link
  const std::vector<UnansweredAttempt>&
      unanswered;                     ///< attempts there that got no answer, if it is the sut's
  bool any_report = false;            ///< by `party`
  std::optional<std::int64_t> first_attempt;  ///< of anybody there to connect, as far as attempts can be seen
  std::optional<std::int64_t> ready;  ///< when all parties were ready

  /// In the order of their accepts; number 0 (the refused attempts) first. Without plain requests.
  std::vector<std::reference_wrapper<const Leg>> connections() const;
  std::size_t size() const { return caller.attempts().size() + (caller.refused() ? 1 : 0); }
};

View view(const Trace& trace, const Vantage& from);

}  // namespace wsfault::trace
