// The names of outcomes.
#include "verdict/finding.hpp"

namespace wsfault::verdict {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::error:
      return "error";
    case Outcome::failed:
      return "failed";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::interrupted:
      return "interrupted";
    case Outcome::warned:
      return "warned";
    case Outcome::passed:
      return "passed";
    case Outcome::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace wsfault::verdict
