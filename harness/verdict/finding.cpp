// What findings and outcomes are made of, in words.
#include "verdict/finding.hpp"

#include <algorithm>
#include <iterator>

#include "verdict/cause.hpp"

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

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(findings));
}

void explain_by(Finding& finding, Cause cause) {
  finding.why = cause;
  finding.cause = sentence_of(cause);
  finding.remedy = describe(cause).remedy;
}

}  // namespace wsfault::verdict
