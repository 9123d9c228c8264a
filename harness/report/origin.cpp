#include "report/origin.hpp"

namespace wsfault::report {

Origins::Origins(const trace::Trace& trace) {
  any_.at = trace.ready().value_or(0);
  for (const auto& fired : trace.all<record::FaultFired>()) {
    if (!any_.fault) any_ = {fired.at, true};
    fired_on_.try_emplace(trace.where(fired.index).connection, fired.at);
  }
}

Origin Origins::of(int connection) const {
  const auto fired = connection == 0 ? fired_on_.end() : fired_on_.find(connection);
  return fired == fired_on_.end() ? any_ : Origin{fired->second, true};
}

}  // namespace wsfault::report
