#include "trace/view.hpp"

namespace wsfault::trace {

View view(const Trace& trace, const Vantage& from) {
  const Caller& caller = trace.caller(from.link, from.party);
  View seen{{}, trace.process(from.party), trace.refusals(from.link), caller.any_report, trace.ready()};
  seen.connections.reserve(caller.attempts().size() + 1);
  for (const Connection* connection : caller.all()) seen.connections.emplace_back(connection->leg(from.side));
  return seen;
}

}  // namespace wsfault::trace
