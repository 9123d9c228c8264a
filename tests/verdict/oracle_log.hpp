// Literal logs of a client for the tests of the oracle: one call is what was seen at one time, in
// milliseconds.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "value/toml.hpp"
#include "verdict/case.hpp"
#include "verdict/judge.hpp"
#include "verdict/row_events.hpp"

namespace wsfault::verdict::test {

using record::Side;
using record::Tap;

inline constexpr std::int64_t ms = 1'000'000;

class Log {
 public:
  RowEvents events;

  /// What follows is of this connection.
  Log& on(int connection) {
    connection_ = connection;
    return *this;
  }
  Log& add(int at, record::Where where, record::What what) {
    events.push_back({at * ms, std::move(where), std::move(what)});
    return *this;
  }
  Log& link(int at, record::What what) { return add(at, {"link", "sut", connection_}, std::move(what)); }
  Log& of_party(int at, record::What what, std::string party = "sut") {
    return add(at, {"", std::move(party), 0}, std::move(what));
  }

  // The handshake.
  Log& connect(int at, std::string target = "/", wire::Headers headers = {}) {
    headers.push_back({"Sec-WebSocket-Key", "key" + std::to_string(connection_)});
    link(at, record::Accepted{"127.0.0.1:1"});
    return link(at,
                record::RequestSeen{Tap::sent, {"GET", std::move(target), 11, std::move(headers)}, true, {}});
  }
  Log& answer(int at, int status, wire::Headers headers = {}, std::vector<std::string> flaws = {}) {
    return link(at, record::ResponseSeen{
                        Tap::arrived, {status, "", 11, std::move(headers)}, std::move(flaws), false});
  }
  Log& bad_101(int at) { return answer(at, 101, {}, {"wrong-accept"}); }
  Log& garbage(int at) { return link(at, record::NotHttp{Tap::arrived, Side::server, "SSH-2.0-x"}); }
  /// Connected and open, and reported so.
  Log& open(int at) { return connect(at).answer(at, 101).reports(at, "open"); }
  Log& silently_open(int at) { return connect(at).answer(at, 101); }

  // Frames. Of the server: sent, and arrived.
  Log& server(int at, record::FrameSeen frame, bool arrives = true) {
    frame.from = Side::server;
    frame.number = ++server_frames_;
    link(at, frame);
    frame.tap = Tap::arrived;
    return arrives ? link(at, frame) : *this;
  }
  Log& client(int at, record::FrameSeen frame) {
    frame.from = Side::client;
    frame.masked = true;
    return link(at, frame);
  }
  Log& message(int at, std::string text) {
    server(at, opcode(1));
    return link(
        at, record::MessageSeen{Tap::arrived, Side::server, server_frames_, 1, text.size(), std::move(text)});
  }
  Log& ping(int at) { return client(at, opcode(9)); }
  Log& pong(int at) { return server(at, opcode(10)); }
  Log& server_close(int at, int code, std::string reason = "") {
    return server(at, close_of(code, std::move(reason)));
  }
  Log& server_close_empty(int at) { return server(at, opcode(8)); }
  Log& server_close_of_one_byte(int at) {
    record::FrameSeen frame = opcode(8);
    frame.length = 1;
    return server(at, frame).violation(at, "close-body-one-byte");
  }
  Log& client_close(int at, int code) { return client(at, close_of(code, "")); }
  /// A frame that breaks the protocol by its form.
  Log& illegal(int at, std::string violation_name, int with_opcode = 1) {
    server(at, opcode(static_cast<std::uint8_t>(with_opcode)));
    return violation(at, std::move(violation_name));
  }
  Log& violation(int at, std::string name) {
    return link(at,
                record::ViolationSeen{Tap::arrived, Side::server, server_frames_, std::move(name), "5.2"});
  }

  /// The client itself broke the protocol, with its frame of that number.
  Log& client_violation(int at, std::string name, std::uint64_t frame = 1) {
    return link(at, record::ViolationSeen{Tap::sent, Side::client, frame, std::move(name), "RFC 6455 5.2"});
  }

  // Ends.
  Log& fin(int at, std::string inside = "") {
    return end(at, Tap::arrived, record::EndKind::fin, std::move(inside));
  }
  Log& reset(int at, std::string inside = "") {
    return end(at, Tap::arrived, record::EndKind::reset, std::move(inside));
  }
  Log& client_fin(int at) { return end(at, Tap::sent, record::EndKind::fin, ""); }

  // Effects and processes.
  Log& silence(int at) { return effect(at, record::LinkEffectKind::silence); }
  Log& effect(int at, record::LinkEffectKind kind) { return link(at, record::LinkEffect{kind, {}}); }
  Log& refused(int at) {
    return add(at, {"link", "", 0}, record::LinkEffect{record::LinkEffectKind::refused, {}});
  }
  Log& dark(int at) { return add(at, {"link", "", 0}, record::LinkEffect{record::LinkEffectKind::dark, {}}); }
  Log& dark_at(int at, std::int16_t address) {
    return add(at, {"link", "", 0}, record::LinkEffect{record::LinkEffectKind::dark, {}, address});
  }
  Log& attempt_at(int at, record::AttemptChange change, std::int16_t address) {
    return add(at, {"link", "sut", 0}, record::AttemptUnanswered{change, "127.0.0.1:4", address});
  }
  Log& attempt(int at, record::AttemptChange change, std::string from = "127.0.0.1:4") {
    return add(at, {"link", "sut", 0}, record::AttemptUnanswered{change, std::move(from)});
  }
  Log& served(int at) {
    return add(at, {"link", "", 0}, record::LinkEffect{record::LinkEffectKind::resumed, {}});
  }
  Log& process(int at, record::ProcessChange change, std::string party = "sut") {
    return of_party(at, record::ProcessChanged{change, 7, 0, 0}, std::move(party));
  }

  // Reports.
  Log& reports(int at, std::string event, std::string text = "") {
    record::Report report;
    report.event = std::move(event);
    report.text = std::move(text);
    return of_party(at, report);
  }
  Log& reports_close(int at, int code, std::optional<bool> clean = {}) {
    record::Report report;
    report.event = "close";
    report.code = code;
    report.clean = clean;
    return of_party(at, report);
  }
  Log& reports_error(int at, std::string text = "refused", std::optional<int> status = {}) {
    record::Report report;
    report.event = "error";
    report.text = std::move(text);
    report.status = status;
    return of_party(at, report);
  }

  static record::FrameSeen opcode(std::uint8_t value) {
    record::FrameSeen frame;
    frame.opcode = value;
    return frame;
  }
  static record::FrameSeen close_of(int code, std::string reason) {
    record::FrameSeen frame = opcode(8);
    frame.code = static_cast<std::uint16_t>(code);
    frame.length = 2 + reason.size();
    frame.text = std::move(reason);
    return frame;
  }

 private:
  Log& end(int at, Tap tap, record::EndKind how, std::string inside) {
    return link(at, record::StreamEnded{tap, Side::client, how, 0, 0, std::move(inside)});
  }
  int connection_ = 1;
  std::uint64_t server_frames_ = 0;
};

/// A client that declares all of its limits and reports as JSON: it notices a silence in 200 to 500 ms, gives
/// up a handshake after 1 s and a closing handshake after 500 ms.
inline Case client_case() {
  Case scenario;
  scenario.system.report = model::ReportMode::json;
  auto& traits = scenario.system.traits.values;
  traits.emplace("heartbeat", Value("300ms"));
  traits.emplace("heartbeat_timeout", Value("200ms"));
  traits.emplace("handshake_limit", Value("1s"));
  traits.emplace("close_limit", Value("500ms"));
  return scenario;
}

inline Case case_without_traits() {
  Case scenario = client_case();
  scenario.system.traits.values.clear();
  return scenario;
}

inline Case wire_only_case() {
  Case scenario = client_case();
  scenario.system.report = model::ReportMode::none;
  return scenario;
}

/// As an [[expect]] table has it: "close = 1006".
inline Expectation expects(const std::string& keys, std::string of = "") {
  Diagnostics diagnostics("x.toml", keys);
  Expectation expectation = read_expectation(*parse_toml(keys, diagnostics), diagnostics, 1).value();
  expectation.of = std::move(of);
  return expectation;
}

/// The worst of the oracle's findings; `log` has `events`, `now` is in milliseconds.
template <typename AnyLog>
Finding judge_log(const Case& scenario, const AnyLog& log, int now, bool over = false) {
  Finding worst;
  worst.state = State::holds;
  const auto rank = [](State state) {
    switch (state) {
      case State::violated:
        return 4;
      case State::inconclusive:
        return 3;
      case State::pending:
        return 2;
      case State::warned:
        return 1;
      case State::holds:
        return 0;
    }
    return 5;
  };
  bool first = true;
  for (Finding& finding : judge_appropriate(scenario, *trace::Trace::of(log.events), now * ms, over)) {
    if (first || rank(finding.state) > rank(worst.state)) worst = std::move(finding);
    first = false;
  }
  return worst;
}

}  // namespace wsfault::verdict::test
