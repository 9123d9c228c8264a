#include "sweep/seen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/case_text.hpp"
#include "report/observed.hpp"
#include "sweep/struck.hpp"
#include "trace/trace.hpp"

namespace wsfault::sweep {
namespace {

using report::ConnectionObserved;
using verdict::Outcome;

/// The link on whose client side the system under test, or the client that judges it, is.
bool is_front(const ConnectionObserved& connection) {
  return connection.link == "link" || connection.link == "front";
}

/// `party`: whose connection was struck; empty: of whoever came first.
std::string end_of(const std::vector<ConnectionObserved>& connections, int number, const std::string& party,
                   bool is_wrong) {
  const auto struck = std::ranges::find_if(connections, [&](const ConnectionObserved& each) {
    return is_front(each) && each.number == number && (party.empty() || each.party == party);
  });
  if (struck == connections.end()) return is_wrong ? hangs : "no connection";
  const bool opened = struck->status == 101;
  if (struck->report) {
    const auto& code = struck->report->close;
    if (!opened) return "handshake failure";
    return code ? std::to_string(*code) : "an error without a close code";
  }
  // One that reports nothing shows by its next connection that it noticed.
  const bool came_back = std::ranges::any_of(connections, [&](const ConnectionObserved& each) {
    return is_front(each) && each.party == struck->party && each.number > number;
  });
  if (came_back) return opened ? "comes back" : "handshake failure";
  if (is_wrong) return hangs;
  return struck->ends.empty() ? "stays open" : "ends";
}

/// The client whose connection the fault struck; empty: it struck none, or behind a gateway.
std::string party_struck(const record::Events& events, const std::string& fault) {
  for (const record::Event& event : events) {
    const auto* fired = std::get_if<record::FaultFired>(&event.what);
    if (fired != nullptr && fired->name == fault && event.where.connection != 0 && event.where.link != "back")
      return event.where.party;
  }
  return {};
}

std::string cause_of(const report::CaseResult& result) {
  for (const verdict::Finding& finding : report::decisive_findings(result)) {
    if (!finding.cause.empty()) return finding.cause;
  }
  return {};
}

}  // namespace

Seen see_passed(const report::CaseResult& result, int connection) {
  return {.outcome = result.outcome,
          .end = end_of(report::observe(*trace::Trace::of(result.events)), connection, "sut", false),
          .cause = {}};
}

Seen see(const report::CaseResult& result, const scenario::LoadedCase& struck, std::size_t fault) {
  Seen seen{.outcome = result.outcome, .end = {}, .cause = {}};
  if (result.outcome == Outcome::error || result.outcome == Outcome::skipped) {
    seen.end = result.reason;
    return seen;
  }
  const fault::FaultSpec& spec = struck.judged.faults[fault];
  const int number = connection_of(struck, fault);
  if (result.outcome == Outcome::inconclusive && !fault::find_moment(spec.when, result.events, number)) {
    seen.outcome = Outcome::skipped;
    seen.end = session_over;
    return seen;
  }
  const bool is_wrong = result.outcome == Outcome::failed || result.outcome == Outcome::inconclusive;
  seen.end = end_of(report::observe(*trace::Trace::of(result.events)), number,
                    party_struck(result.events, spec.name), is_wrong);
  seen.cause = cause_of(result);
  return seen;
}

}  // namespace wsfault::sweep
