// The judgement of a session so far, and expectations that are waited for.
#include <fmt/format.h>

#include <algorithm>

#include "control/v1.hpp"
#include "report/case_text.hpp"
#include "report/json_report.hpp"
#include "trace/trace.hpp"
#include "verdict/judge.hpp"

namespace wsfault::control {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Duration usual_limit = std::chrono::seconds(30);
constexpr Duration shortest_pause = std::chrono::milliseconds(5);

void must_keep_log(const proxy::Session& session) {
  if (!session.setting().keeps_logs)
    throw Stop{problem(409, fmt::format("the session \"{}\" keeps no log: it runs without end", session.id()),
                       "POST /v1/sessions begins one that is judged")};
}

report::CaseResult result_of(const proxy::Session& session, const proxy::Proxy& proxy, bool ended) {
  report::CaseResult result;
  result.id = session.id() + "/" + proxy.name();
  result.title = fmt::format("The session {} at the proxy {}", session.id(), proxy.name());
  result.role = model::to_string(session.setting().role);
  result.system = session.setting().system.name;
  result.judgement = proxy.judge({}, ended);
  result.outcome = result.judgement.outcome;
  result.events = proxy.log().events();
  result.seed = session.setting().seed;
  result.duration = std::chrono::nanoseconds(proxy.log().now());
  report::explain(result);
  return result;
}

net::Task<Response> show_verdict(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  must_keep_log(*session);
  session->heartbeat();
  const auto name = call.request.argument("proxy");
  const bool ended = call.request.argument("ended").value_or("false") == "true";
  report::RunSummary summary;
  summary.version = context.version;
  summary.seed = session->setting().seed;
  if (name) {
    summary.cases.push_back(result_of(*session, named_proxy(*session, name), ended));
  } else {
    for (const proxy::Proxy* each : session->proxies()) summary.cases.push_back(result_of(*session, *each, ended));
  }
  co_return Response{.body = report::print_json_report(summary)};
}

json::object shown_finding(const verdict::Finding& finding) {
  json::object out{{"state", report::state_name(finding.state)},
                   {"subject", finding.subject},
                   {"expected", finding.expected},
                   {"seen", finding.seen}};
  if (!finding.broke.empty()) out["broke"] = finding.broke;
  if (!finding.cause.empty()) out["cause"] = finding.cause;
  if (!finding.remedy.empty()) out["remedy"] = finding.remedy;
  if (finding.connection != 0) out["connection"] = finding.connection;
  if (finding.at) out["at"] = *finding.at;
  return out;
}

/// Takes `proxy` and `timeout`, which are of the request, out of the expectation.
std::pair<std::optional<std::string>, Duration> take_own(JsonBody& body) {
  std::optional<std::string> proxy;
  Duration limit = usual_limit;
  if (const Value* name = body.value.find("proxy"); name && name->text()) proxy = *name->text();
  if (const Value* timeout = body.value.find("timeout"); timeout && timeout->text()) {
    const auto read = parse_duration(*timeout->text());
    if (!read || *read > std::chrono::minutes(1))
      throw Stop{problem(400, "`timeout` is a duration of at most 1m", "5s, 250ms")};
    limit = *read;
  }
  body.value.erase("proxy");
  body.value.erase("timeout");
  return {proxy, limit};
}

net::Task<Response> await_expectation(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  must_keep_log(*session);
  JsonBody body = body_of(call);
  const auto [name, limit] = take_own(body);
  proxy::Proxy& proxy = named_proxy(*session, name);
  const std::string proxy_name = proxy.name();
  Diagnostics diagnostics = diagnostics_of(body);
  const auto expectation = proxy.read_expectation(body.value, diagnostics);
  check(body, diagnostics);
  for (const fault::Moment& moment : expectation->what.nature.moments) proxy.ask_for(moment);
  const verdict::Case judged = proxy.judged({*expectation});
  const auto due = Clock::now() + limit;
  trace::Trace trace(proxy.log().events());
  for (;;) {
    trace.catch_up();
    const std::int64_t now = proxy.log().now();
    const verdict::Finding finding = verdict::judge_expectation(*expectation, judged, trace, now, false);
    const bool is_over = context.stops || Clock::now() >= due;
    // Once it is decided the whole is judged: that knows causes and remedies. An expectation is its first finding.
    if (finding.state != verdict::State::pending || is_over)
      co_return answer(shown_finding(verdict::judge(judged, trace, now, false).findings.front()));
    auto wake = due;
    if (finding.look_again > 0) wake = std::min(wake, proxy.log().time_of(finding.look_again) + shortest_pause);
    co_await session->journal().changed().wait_until(std::max(wake, Clock::now() + shortest_pause));
    if (session->find(proxy_name) != &proxy || !context.sessions.find(session->id()))
      throw Stop{problem(404, "the proxy was removed while it was waited for")};
    session->heartbeat();
  }
}

}  // namespace

std::vector<Route> verdict_routes() {
  return {
      {"GET",
       "/v1/sessions/{session}/verdict",
       "The judgement of what has happened so far, as `wsfault run --json` prints it: a case for each proxy",
       answered<show_verdict>,
       {{"proxy", "only this one"},
        {"ended", "true: nothing more will happen, so what is pending is decided"}},
       {},
       "Results",
       {200, 404, 409}},
      {"POST", "/v1/sessions/{session}/expect",
       "Waits until an expectation, in the words of [[expect]], is decided; `proxy` and `timeout` (30s) are the request's own",
       answered<await_expectation>, {}, "NewExpectation", "Finding", {200, 400, 404, 409}},
  };
}

}  // namespace wsfault::control
