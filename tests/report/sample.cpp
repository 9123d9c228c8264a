// The literal events and findings that the tests of reports print.
#include "report/sample.hpp"

namespace wsfault::report::sample {

using namespace std::chrono_literals;
using record::EndKind;
using record::Event;
using record::Side;
using record::Tap;
using verdict::Finding;
using verdict::Outcome;
using verdict::State;

namespace {

constexpr std::uint8_t text_opcode = 1;

CaseResult named(const std::string& id, Outcome outcome, std::chrono::nanoseconds duration) {
  CaseResult result;
  result.id = id;
  result.title = "The server crashes while a conversation is under way";
  result.file = "scenarios/" + id + ".toml";
  result.role = "client";
  result.system = "reference client";
  result.spec = {"RFC 6455 7.1.5"};
  result.outcome = outcome;
  result.judgement.outcome = outcome;
  result.duration = duration;
  result.seed = 42;
  result.repeat = "wsfault run " + result.file + " --seed 42";
  return result;
}

Finding wrong_code() {
  Finding finding;
  finding.state = State::violated;
  finding.subject = "expect close = 1006";
  finding.expected = "the sut reports 1006 within 1s after the fault";
  finding.seen = "it reported 1000, clean, after 0.4ms";
  finding.cause = "the server crashed, or ended without a Close";
  finding.remedy = "restart it; reconnect with exponential backoff and jitter";
  finding.at = ms(50.5);
  finding.connection = 1;
  finding.place = {9, 1};
  return finding;
}

std::vector<Event> reset_at_message_2() {
  std::vector<Event> events{
      of_run(0, record::RunStarted{}),
      of_party(0.5, record::ProcessChanged{.change = record::ProcessChange::started, .pid = 7}),
      of_run(8, record::Ready{})};
  add_opening(events, 10);
  events.push_back(of_party(11.3, record::Report{.event = "open"}, 1));
  add_message(events, 30, Tap::sent, Side::server, "message 1");
  add_message(events, 30.1, Tap::arrived, Side::server, "message 1");
  add_message(events, 50, Tap::sent, Side::server, "message 2");
  events.push_back(on_link(
      50.1, record::FaultFired{.name = "reset", .inject = "reset", .done = "reset to client and server"}));
  events.push_back(on_link(50.2, record::StreamEnded{Tap::arrived, Side::client, EndKind::reset}));
  events.push_back(on_link(50.2, record::StreamEnded{Tap::arrived, Side::server, EndKind::reset}));
  events.push_back(on_link(50.3, record::ConnectionOver{}));
  events.push_back(of_party(50.4, record::OutputLine{"stdout", R"({"event":"close","code":1000})"}));
  events.push_back(
      of_party(50.5, record::Report{.event = "close", .code = 1000, .reason = "", .clean = true}, 1));
  events.push_back(of_run(250, record::RunEnded{}));
  return events;
}

}  // namespace

Event on_link(double at_ms, record::What what, int connection) {
  return {ms(at_ms), {"link", "sut", connection}, std::move(what)};
}

Event of_party(double at_ms, record::What what, int connection, const std::string& party) {
  return {ms(at_ms), {"", party, connection}, std::move(what)};
}

Event of_run(double at_ms, record::What what) { return {ms(at_ms), {}, std::move(what)}; }

void add_message(std::vector<Event>& events, double at_ms, Tap tap, Side from, const std::string& payload,
                 int connection) {
  std::uint64_t number = 1;  // on its own side
  std::uint64_t of = 0;      // the last one sent with this payload
  for (const Event& event : events) {
    const auto* before = std::get_if<record::MessageSeen>(&event.what);
    if (!before || before->from != from || event.where.connection != connection) continue;
    if (before->tap == tap) ++number;
    if (tap == Tap::arrived && before->tap == Tap::sent && before->payload == payload) of = before->number;
  }
  record::FrameSeen frame{
      .tap = tap, .from = from, .opcode = text_opcode, .number = number, .of_kind = number};
  frame.masked = from == Side::client;
  frame.length = payload.size();
  frame.of = of;
  events.push_back(on_link(at_ms, std::move(frame), connection));
  events.push_back(on_link(at_ms,
                           record::MessageSeen{.tap = tap,
                                               .from = from,
                                               .number = number,
                                               .opcode = text_opcode,
                                               .size = payload.size(),
                                               .payload = payload},
                           connection));
}

void add_opening(std::vector<Event>& events, double at_ms, int connection) {
  const wire::RequestHead request{"GET", "/chat", 11, {{"Host", "127.0.0.1"}}};
  const wire::ResponseHead response{101, "Switching Protocols", 11, {{"Upgrade", "websocket"}}};
  events.push_back(on_link(at_ms, record::Accepted{"127.0.0.1:40000"}, connection));
  events.push_back(on_link(at_ms + 0.1, record::Dialled{}, connection));
  events.push_back(on_link(at_ms + 0.2, record::RequestSeen{.tap = Tap::sent, .head = request}, connection));
  events.push_back(
      on_link(at_ms + 0.3, record::RequestSeen{.tap = Tap::arrived, .head = request}, connection));
  events.push_back(
      on_link(at_ms + 0.6, record::ResponseSeen{.tap = Tap::sent, .head = response}, connection));
  events.push_back(
      on_link(at_ms + 0.7, record::ResponseSeen{.tap = Tap::arrived, .head = response}, connection));
  events.push_back(on_link(at_ms + 0.8, record::Opened{}, connection));
}

CaseResult failed() {
  CaseResult result = named("1006/server-crash", Outcome::failed, 310ms);
  result.position = 2;
  result.judgement.findings = {wrong_code()};
  result.events = reset_at_message_2();
  return result;
}

CaseResult hostile() {
  const std::string text = "<&>\"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \xef\xbf\xbf \xe2\x80\xae end";
  CaseResult result = named("evil/<&>\"'\x1b[case=a/b]", Outcome::failed, 1200ms);
  result.title = text;
  result.file = text;
  result.role = text;
  result.system = text;
  result.spec = {text};
  result.reason = text;
  result.repeat = text;
  result.output = {{"stderr", text}, {"stdout", ""}};
  Finding finding = wrong_code();
  finding.subject = finding.expected = finding.seen = finding.cause = finding.remedy = text;
  result.judgement.findings = {finding};
  add_message(result.events, 1, Tap::sent, Side::client, text);
  result.events.push_back(on_link(2, record::FaultFired{.name = text, .inject = "reset", .done = text}));
  result.events.push_back(on_link(3, record::ViolationSeen{Tap::sent, Side::client, 1, text, text}));
  result.events.push_back(of_party(4, record::OutputLine{"stderr", text}));
  result.events.push_back(of_party(5, record::Report{.event = text, .reason = text, .text = text}, 1));
  result.events.push_back(of_party(6, record::Report{.event = "error", .text = text}, 1, text));
  result.events.push_back(of_run(50.5, record::HarnessError{text}));
  return result;
}

CaseResult passed() {
  CaseResult result = named("1006/server-reset", Outcome::passed, 250ms);
  Finding finding = wrong_code();
  finding.state = State::holds;
  finding.seen = "it reported 1006 after 0.4ms";
  finding.cause = finding.remedy = "";
  result.judgement.findings = {finding};
  return result;
}

CaseResult warned() {
  CaseResult result = named("close/every-legal-code[code=1014]", Outcome::warned, 400ms);
  Finding finding;
  finding.state = State::warned;
  finding.subject = "appropriate";
  finding.expected = "1014";
  finding.seen = "the sut reported 1011";
  finding.remedy = "update the client's library";
  result.judgement.findings = {finding};
  return result;
}

CaseResult known() {
  CaseResult result = named("close/bad-gateway-1014", Outcome::passed, 150ms);
  result.known = "the library does not know 1014";
  return result;
}

CaseResult skipped() {
  CaseResult result = named("1006/heartbeat-keeps-alive", Outcome::skipped, 0ms);
  result.reason = "the system grants no heartbeat";
  return result;
}

CaseResult inconclusive() {
  CaseResult result = named("1006/firewall-idle-drop", Outcome::inconclusive, 10s);
  Finding finding;
  finding.state = State::inconclusive;
  finding.subject = "fault idle_kill";
  finding.expected = "it fires";
  finding.seen = "it never fired: the connection was never silent for 1s";
  result.judgement.findings = {finding};
  result.events = {of_run(0, record::RunStarted{}), of_run(8, record::Ready{})};
  add_opening(result.events, 10);
  return result;
}

CaseResult error() {
  CaseResult result = named("handshake/server-down", Outcome::error, 5100ms);
  result.reason = "the system did not start: it exited with code 1 before its first connection";
  result.output = {{"stderr", "node:internal/modules/cjs/loader:1080"},
                   {"stderr", "Error: Cannot find module 'ws'"}};
  result.events = {of_run(0, record::RunStarted{}),
                   of_party(1, record::ProcessChanged{.change = record::ProcessChange::started, .pid = 8}),
                   of_party(90, record::OutputLine{"stderr", "Error: Cannot find module 'ws'"}),
                   of_party(95, record::ProcessChanged{.change = record::ProcessChange::exited, .code = 1}),
                   of_run(96, record::HarnessError{"the system did not start"})};
  return result;
}

RunSummary run() {
  RunSummary summary{.cases = {passed(), failed(), inconclusive(), skipped(), warned(), known(), error()},
                     .wall = 10200ms,
                     .seed = 42,
                     .version = "0.1.0",
                     .interrupted = false,
                     .shard = {}};
  std::size_t position = 0;
  for (CaseResult& result : summary.cases) result.position = ++position;
  return summary;
}

}  // namespace wsfault::report::sample
