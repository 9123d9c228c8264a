#include "trace/view.hpp"

namespace wsfault::trace {

std::vector<std::reference_wrapper<const Leg>> View::connections() const {
  std::vector<std::reference_wrapper<const Leg>> legs;
  legs.reserve(size());
  if (caller.refused()) legs.emplace_back(caller.refused()->leg(side));
  for (const Connection* each : caller.attempts()) legs.emplace_back(each->leg(side));
  return legs;
}

View view(const Trace& trace, const Vantage& from) {
  const Caller& caller = trace.caller(from.link, from.party);
  return {caller,
          from.side,
          trace.process(from.party),
          trace.refusals(from.link),
          trace.unanswered(from.link),
          caller.any_report,
          trace.first_attempt(from.link),
          trace.ready()};
}

}  // namespace wsfault::trace
