// Literal logs for the tests of expectations, one case that they are put to, and what is judged of them.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "value/toml.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict::judging {

using namespace record;

/// A literal log; times are milliseconds.
struct Log {
  record::Events events;

  Log& on(std::int64_t ms, int connection, What what, std::string link = "link", std::string party = "sut") {
    events.push_back({ms * 1'000'000, {std::move(link), std::move(party), connection}, std::move(what)});
    return *this;
  }
  Log& of(std::int64_t ms, std::string party, What what) {
    return on(ms, 0, std::move(what), "", std::move(party));
  }
  Log& open(std::int64_t ms, int connection) {
    on(ms, connection, Accepted{}).on(ms, connection, RequestSeen{});
    ResponseSeen answer{.tap = Tap::arrived};
    answer.head->status = 101;
    return on(ms, connection, answer).on(ms, connection, Opened{});
  }
  Log& fire(std::int64_t ms, int connection, std::string name = "reset") {
    return on(ms, connection, FaultFired{std::move(name), "reset", "RST to client"});
  }
  Log& close(std::int64_t ms, int code, bool clean = false, std::string reason = "") {
    return of(ms, "sut", Report{.event = "close", .code = code, .reason = reason, .clean = clean});
  }
  /// A TCP connection whose upgrade was asked for, and no more.
  Log& attempt(std::int64_t ms, int connection) {
    return on(ms, connection, Accepted{}).on(ms, connection, RequestSeen{});
  }
};

inline const Log struck = Log().open(0, 1).fire(100, 1).close(110, 1006);

/// One fault "reset" that strikes connection 1 of a client that may report.
inline Case one_fault(std::string connections = "1") {
  Case scenario;
  fault::FaultSpec fault;
  fault.name = fault.inject = "reset";
  fault.at = "link";
  fault.connections = *fault::parse_connection_set(connections);
  scenario.faults.push_back(std::move(fault));
  return scenario;
}

inline Expectation read(const std::string& keys) {
  Diagnostics diagnostics("x.toml", keys);
  const auto table = parse_toml(keys, diagnostics);
  const auto expectation = table ? read_expectation(*table, diagnostics, 1) : std::nullopt;
  if (!expectation) throw std::runtime_error(diagnostics.print());
  return *expectation;
}

inline constexpr bool over = true;

inline Finding judged(const std::string& keys, const Log& log, std::int64_t now_ms, bool is_over = false,
                      const Case& scenario = one_fault()) {
  return judge_expectation(read(keys), scenario, *trace::Trace::of(log.events), now_ms * 1'000'000, is_over);
}
inline State state(const std::string& keys, const Log& log, std::int64_t now_ms, bool is_over = false,
                   const Case& scenario = one_fault()) {
  return judged(keys, log, now_ms, is_over, scenario).state;
}

}  // namespace wsfault::verdict::judging
