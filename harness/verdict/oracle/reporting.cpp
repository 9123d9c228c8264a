// What a client can be held to report, and where only its wire speaks.
#include "verdict/oracle/reporting.hpp"

namespace wsfault::verdict::oracle {

Reporting reporting_of(const model::System& system, bool any_report) {
  switch (system.report) {
    case model::ReportMode::json:
    case model::ReportMode::http:
      return {true, true};
    case model::ReportMode::patterns:
      return {system.patterns.contains("close"), system.patterns.contains("error")};
    case model::ReportMode::none:
      return {false, false};
    case model::ReportMode::automatic:
      return {any_report, any_report};
  }
  return {};
}

}  // namespace wsfault::verdict::oracle
