// What `wsfault ctl` waits for and shows: events, expectations, verdicts.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/ctl.hpp"
#include "cli/terminal.hpp"
#include "read_answers.hpp"
#include "report/escape.hpp"
#include "report/exit_code.hpp"
#include "value/units.hpp"

namespace wsfault::cli {
namespace {

using Clock = std::chrono::steady_clock;
using client::list_of;
using client::text_of;
using std::chrono::milliseconds;

constexpr milliseconds longest_wait{50'000};  // of one request
constexpr std::chrono::seconds usual_timeout{30};
constexpr Clock::time_point never = Clock::time_point::max();

/// The session, and the proxy if one was named.
struct Where {
  std::string session;
  std::string proxy;
};

Where where(Ctl& ctl) {
  if (ctl.options().proxy.empty()) return {ctl.session_path(), {}};
  const Ctl::Found proxy = ctl.proxy(ctl.options().proxy);
  return {proxy.session, proxy.name()};
}

milliseconds next_wait(Clock::time_point due) {
  if (due == never) return longest_wait;
  return std::clamp(std::chrono::ceil<milliseconds>(due - Clock::now()), milliseconds(0), longest_wait);
}

void put_lines(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    put(report::printable(rest.substr(0, end)) + "\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void put_events(const Ctl& ctl, const Value& page) {
  if (const auto lost = client::number_of(page, "lost"); lost > 0)
    complain("wsfault ctl", fmt::format("{} events were dropped before they were read", lost));
  for (const Value& each : list_of(page, "events")) {
    if (ctl.options().json) {
      put_json(each);
    } else {
      const Event event = client::read_event(each);
      put(fmt::format("{:<5} {}\n", event.cursor, report::printable(to_string(event))));
    }
  }
  std::fflush(stdout);
}

int exit_code_of(const Finding& finding) {
  if (finding.holds()) return report::exit_passed;
  return finding.state == "violated" ? report::exit_failed : report::exit_undecided;
}

int exit_code_of(const VerdictCase& judged) {
  if (judged.outcome == "passed" || judged.outcome == "warned" || judged.outcome == "skipped")
    return report::exit_passed;
  return judged.outcome == "failed" ? report::exit_failed : report::exit_undecided;
}

Value read_page(Ctl& ctl, const Where& from, std::uint64_t after, milliseconds wait) {
  const client::Query query = {{"after", std::to_string(after)},
                               {"until", ctl.options().until},
                               {"timeout", fmt::format("{}ms", wait.count())},
                               {"proxy", from.proxy}};
  return ctl.call("GET", from.session + "/events", {}, query, wait);
}

/// Until Ctrl-C, which is how it ends, or for the time that was asked for.
int follow_events(Ctl& ctl) {
  const Where from = where(ctl);
  const auto due = ctl.options().timeout ? Clock::now() + *ctl.options().timeout : never;
  std::uint64_t after = ctl.options().after;
  try {
    do {
      const Value page = read_page(ctl, from, after, next_wait(due));
      put_events(ctl, page);
      after = static_cast<std::uint64_t>(client::number_of(page, "cursor"));
    } while (Clock::now() < due && std::ferror(stdout) == 0);
  } catch (const CtlFailure& failure) {
    if (failure.code != report::exit_interrupted) throw;
  }
  return report::exit_passed;
}

}  // namespace

int ctl_events(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  ctl.catch_signals();
  if (options.follow) return follow_events(ctl);
  const Where from = where(ctl);
  const bool awaits = !options.until.empty();
  const auto limit = options.timeout.value_or(awaits ? usual_timeout : std::chrono::seconds(0));
  const auto due = Clock::now() + limit;
  std::uint64_t after = options.after;
  for (;;) {
    const Value page = read_page(ctl, from, after, next_wait(due));
    put_events(ctl, page);
    after = static_cast<std::uint64_t>(client::number_of(page, "cursor"));
    const Value* came = page.find("came");
    if (came != nullptr && came->boolean() != nullptr && *came->boolean()) return report::exit_passed;
    if (!awaits && list_of(page, "events").empty()) return report::exit_passed;
    if (!awaits || Clock::now() < due) continue;
    complain("wsfault ctl", fmt::format("\"{}\" did not come in {}", options.until, format_duration(limit)));
    return report::exit_failed;
  }
}

int ctl_expect(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  const Value table = ctl.typed("the expectation", options.table);
  ctl.catch_signals();
  const Where at = where(ctl);
  const auto due = Clock::now() + options.timeout.value_or(usual_timeout);
  for (;;) {
    const milliseconds wait = next_wait(due);
    Value body = table;
    if (!at.proxy.empty()) body.set("proxy", at.proxy);
    body.set("timeout", fmt::format("{}ms", wait.count()));
    const Value answer = ctl.send(at.session + "/expect", "the expectation", options.table, body, wait);
    const Finding finding = client::read_finding(answer);
    if (finding.state == "pending" && Clock::now() < due) continue;
    if (options.json) {
      put_json(answer);
    } else {
      put_lines(fmt::format("{}: {}\n{}", finding.subject, finding.state, to_string(finding)));
    }
    return exit_code_of(finding);
  }
}

int ctl_verdict(Ctl& ctl) {
  const CtlOptions& options = ctl.options();
  const Where at = where(ctl);
  Value answer = ctl.call("GET", at.session + "/verdict", {},
                          {{"ended", options.ended ? "true" : "false"}, {"proxy", at.proxy}});
  if (options.json) put_json(answer);
  const Verdict verdict = client::read_verdict(std::move(answer));
  if (!options.json) put_lines(to_string(verdict));
  int code = verdict.cases.empty() ? report::exit_undecided : report::exit_passed;
  for (const VerdictCase& each : verdict.cases) code = report::most_urgent({code, exit_code_of(each)});
  return code;
}

}  // namespace wsfault::cli
