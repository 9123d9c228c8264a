// Cases, findings and observations as JSON members.
#include "report/json_report.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <sstream>

#include "report/case_text.hpp"
#include "report/json_text.hpp"
#include "report/observed.hpp"
#include "report/timeline.hpp"
#include "verdict/cause.hpp"

namespace wsfault::report {
namespace {

namespace json = boost::json;
using record::Event;
using verdict::Outcome;
using verdict::State;

double seconds(std::chrono::nanoseconds time) {
  return std::round(std::chrono::duration<double, std::milli>(time).count()) / 1e3;
}

json::value finding_json(const verdict::Finding& finding) {
  return json::object{
      {"state", state_name(finding.state)},
      {"subject", json_string(finding.subject)},
      {"expected", text_or_null(finding.expected)},
      {"seen", text_or_null(finding.seen)},
      {"broke", text_or_null(finding.broke)},
      {"cause", text_or_null(finding.cause)},
      {"cause_key", text_or_null(std::string(verdict::describe(finding.why).key))},
      {"remedy", text_or_null(finding.remedy)},
      {"connection", finding.connection > 0 ? json::value(finding.connection) : json::value()},
      {"at_ms", finding.at ? json::value(milliseconds(*finding.at)) : json::value()},
      {"line", finding.place.line > 0 ? json::value(finding.place.line) : json::value()},
  };
}

/// Writes the observations of one case; times are relative to the fault.
class Observations {
 public:
  static json::value print(const ConnectionObserved& connection) {
    const Origin origin = connection.origin;
    json::object out{{"party", json_string(connection.party)},
                     {"connection", connection.number > 0 ? json::value(connection.number) : json::value()}};
    out["report"] = connection.report ? report(*connection.report, origin) : json::value();
    out["wire"] = connection.link.empty() ? json::value() : wire(connection, origin);
    return out;
  }

 private:
  static json::value after(std::int64_t at, Origin origin) {
    return origin.fault ? json::value(milliseconds(at - origin.at)) : json::value();
  }

  static json::value report(const ReportObserved& report, Origin origin) {
    return json::object{
        {"close", report.close ? json::value(*report.close) : json::value()},
        {"reason", report.reason ? json::value(json_string(*report.reason)) : json::value()},
        {"clean", report.clean ? json::value(*report.clean) : json::value()},
        {"error", report.error ? json::value(json_string(*report.error)) : json::value()},
        {"after_ms", after(report.at, origin)},
    };
  }

  static json::value wire(const ConnectionObserved& connection, Origin origin) {
    json::array closes;
    for (const CloseObserved& close : connection.closes) {
      closes.push_back(json::object{{"from", record_side(close.from)},
                                    {"code", close.code ? json::value(*close.code) : json::value()},
                                    {"reason", json_string(close.reason)},
                                    {"sent", close.sent},
                                    {"arrived", close.arrived},
                                    {"after_ms", after(close.at, origin)}});
    }
    return json::object{
        {"link", json_string(connection.link)},
        {"client", json_string(connection.party)},
        {"server", json_string(connection.peer)},
        {"status", connection.status ? json::value(*connection.status) : json::value()},
        {"status_after_ms", connection.status ? after(connection.status_at, origin) : json::value()},
        {"compression", text_or_null(connection.compression)},
        {"closes", std::move(closes)},
        {"client_end", end(connection, record::Side::client, origin)},
        {"server_end", end(connection, record::Side::server, origin)},
    };
  }

  static json::string record_side(record::Side side) { return json::string(wsfault::wire::to_string(side)); }

  static json::value end(const ConnectionObserved& connection, record::Side side, Origin origin) {
    const auto found = std::ranges::find(connection.ends, side, &EndObserved::side);
    if (found == connection.ends.end()) return nullptr;
    return json::object{{"how", record::to_string(found->how)},
                        {"by", json_string(found->by)},
                        {"after_ms", after(found->at, origin)}};
  }
};

json::array connections_json(const CaseResult& result) {
  json::array out;
  const auto connections =
      result.connections ? *result.connections : observe(*trace::Trace::of(result.events));
  for (const ConnectionObserved& connection : connections) out.push_back(Observations::print(connection));
  return out;
}

/// The lines of the console's block.
json::value explanation_json(const CaseResult& result) {
  if (!needs_a_look(result)) return nullptr;
  json::array lines;
  std::istringstream text(print_explanation(result.explanation, false));
  for (std::string line; std::getline(text, line);) lines.push_back(json_string(line));
  return lines;
}

json::value shard_json(const std::optional<Shard>& shard) {
  if (!shard) return nullptr;
  return json::object{{"number", shard->number},
                      {"of", shard->of},
                      {"cases_in_all", shard->cases_in_all},
                      {"selection", shard->selection}};
}

/// What its log leaves out, by the names in the log's `cut` events; null if it is complete.
json::value cut_json(const CaseResult& result) {
  if (result.cuts.empty()) return nullptr;
  json::object out;
  for (const auto& [kind, at] : result.cuts) out[record::to_string(kind)] = milliseconds(at);
  return out;
}

json::value case_json(const CaseResult& result) {
  json::array findings;
  for (const verdict::Finding& finding : result.judgement.findings) findings.push_back(finding_json(finding));
  return json::object{
      {"position", result.position},
      {"id", json_string(result.id)},
      {"title", json_string(result.title)},
      {"file", json_string(result.file)},
      {"role", json_string(result.role)},
      {"system", json_string(result.system)},
      {"outcome", verdict::to_string(result.outcome)},
      {"reason", text_or_null(result.reason)},
      {"known", text_or_null(result.known)},
      {"seconds", seconds(result.duration)},
      {"attempts", result.attempts},
      {"stalled_ms", milliseconds(result.stalled.count())},
      {"cut", cut_json(result)},
      {"seed", result.seed},
      {"repeat", json_string(result.repeat)},
      {"findings", std::move(findings)},
      {"connections", connections_json(result)},
      {"explanation", explanation_json(result)},
  };
}

json::value counts_json(const std::vector<CaseResult>& cases) {
  json::object out{{"cases", cases.size()}};
  for (const Outcome outcome : {Outcome::passed, Outcome::warned, Outcome::failed, Outcome::inconclusive,
                                Outcome::error, Outcome::interrupted, Outcome::skipped}) {
    out[verdict::to_string(outcome)] = std::ranges::count(cases, outcome, &CaseResult::outcome);
  }
  out["known"] = std::ranges::count_if(cases, [](const CaseResult& one) { return !one.known.empty(); });
  return out;
}

}  // namespace

std::string_view state_name(State state) {
  switch (state) {
    case State::pending:
      return "pending";
    case State::holds:
      return "holds";
    case State::warned:
      return "warned";
    case State::violated:
      return "violated";
    case State::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::string print_json_report(const RunSummary& summary) {
  json::array cases;
  for (const CaseResult& result : summary.cases) cases.push_back(case_json(result));
  return print_json_report(summary, std::move(cases));
}

std::string print_json_report(const RunSummary& summary, json::array cases) {
  json::array missing;
  for (const std::string& shard : summary.missing_shards) missing.push_back(json_string(shard));
  return print_json(json::object{
      {"format", "wsfault-results"},
      {"version", results_version},
      {"wsfault", json_string(summary.version)},
      {"seed", summary.seed ? json::value(*summary.seed) : json::value()},
      {"shard", shard_json(summary.shard)},
      {"seconds", seconds(summary.wall)},
      {"interrupted", summary.interrupted},
      {"stopped", text_or_null(summary.stopped)},
      {"missing_shards", std::move(missing)},
      {"counts", counts_json(summary.cases)},
      {"cases", std::move(cases)},
  });
}

}  // namespace wsfault::report
