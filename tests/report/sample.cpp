// The cases printed by the report tests: logs of real runs, and one with hostile texts.
#include "report/sample.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "report/case_text.hpp"
#include "runner/judged_log.hpp"

namespace wsfault::report::sample {

using namespace std::chrono_literals;
using record::Event;
using record::Side;
using record::Tap;
using verdict::Finding;
using verdict::Outcome;
using verdict::State;

namespace {

constexpr std::uint8_t text_opcode = 1;

/// Where the table of a finding begins: the only one of its kind in a sample's scenario.
Place place_of(const Finding& finding, const std::string& scenario) {
  const bool is_fault = finding.subject.starts_with("fault ");
  if (!is_fault && !finding.subject.starts_with("expect ")) return {};
  const std::string head = scenario.substr(0, scenario.find(is_fault ? "[[fault]]" : "[[expect]]"));
  return {static_cast<int>(std::ranges::count(head, '\n')) + 1, 1};
}

/// Of a real run (samples/record); data that a log does not contain is added.
CaseResult recorded(const std::string& id) {
  std::string log = id + ".jsonl";
  std::ranges::replace(log, '/', '-');
  const auto judged = runner::judge_log(text_of(log), log);
  if (!judged) throw std::runtime_error(judged.error());
  CaseResult result = *judged;
  const std::string scenario = text_of("scenarios/" + id + ".toml");
  for (Finding& finding : result.judgement.findings) finding.place = place_of(finding, scenario);
  result.repeat = "wsfault run " + result.file + " --seed 42";
  return result;
}

}  // namespace

std::string text_of(const std::string& name) {
  std::ifstream in(WSFAULT_SOURCE_DIR "/tests/report/samples/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

Event on_link(double at_ms, record::What what, int connection) {
  return {ms(at_ms), {"link", "sut", connection}, std::move(what)};
}

Event of_party(double at_ms, record::What what, int connection, const std::string& party) {
  return {ms(at_ms), {"", party, connection}, std::move(what)};
}

Event of_run(double at_ms, record::What what) { return {ms(at_ms), {}, std::move(what)}; }

void add_message(record::Events& events, double at_ms, Tap tap, Side from, const std::string& payload,
                 int connection) {
  std::uint64_t number = 1;  // on its own side
  std::uint64_t of = 0;      // the last one sent with this payload
  for (const Event& event : events) {
    const auto* before = std::get_if<record::MessageSeen>(&event.what);
    if (!before || before->from != from || event.where.connection != connection) continue;
    if (before->tap == tap) ++number;
    if (tap == Tap::arrived && before->tap == Tap::sent && before->payload == payload) of = before->number;
  }
  record::FrameSeen frame{.tap = tap,
                          .from = from,
                          .opcode = text_opcode,
                          .number = number,
                          .of_kind = static_cast<std::uint32_t>(number)};
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

void add_opening(record::Events& events, double at_ms, int connection) {
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
  CaseResult result = recorded("1006/server-crash");
  result.position = 2;
  return result;
}

CaseResult hostile() {
  const std::string text = "<&>\"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \xef\xbf\xbf \xe2\x80\xae end";
  CaseResult result;
  result.id = "evil/<&>\"'\x1b[case=a/b]";
  result.outcome = result.judgement.outcome = Outcome::failed;
  result.duration = 1200ms;
  result.seed = 42;
  result.title = text;
  result.file = text;
  result.role = text;
  result.system = text;
  result.spec = {text};
  result.reason = text;
  result.repeat = text;
  result.output = {{"stderr", text}, {"stdout", ""}};
  Finding finding;
  finding.state = State::violated;
  finding.at = ms(50.5);
  finding.connection = 1;
  finding.place = {9, 1};
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

CaseResult passed() { return recorded("1006/server-reset"); }

CaseResult warned() { return recorded("reconnect/few-attempts"); }

CaseResult known() {
  CaseResult result = recorded("1006/old-library");
  result.outcome = Outcome::passed;
  result.known = "the library does not know 1006";
  return result;
}

CaseResult skipped() {
  CaseResult result = passed();
  result.outcome = Outcome::skipped;
  result.id = "1006/heartbeat-keeps-alive";
  result.title = "A heartbeat keeps a flow alive";
  result.file = "scenarios/1006/heartbeat-keeps-alive.toml";
  result.repeat = "wsfault run scenarios/1006/heartbeat-keeps-alive.toml --seed 42";
  result.reason = "the system grants no heartbeat";
  result.duration = {};
  result.judgement = {};
  result.judgement.outcome = Outcome::skipped;
  result.events.clear();
  return result;
}

CaseResult inconclusive() { return recorded("1006/firewall-idle-drop"); }

CaseResult error() { return recorded("handshake/no-start"); }

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

CaseResult told(CaseResult result) {
  explain(result);
  return result;
}

RunSummary told(RunSummary summary) {
  for (CaseResult& result : summary.cases) explain(result);
  return summary;
}

testing::AssertionResult is_printed(const std::string& name, const std::string& text) {
  const std::string file = "printed/" + name;
  if (std::getenv("WSFAULT_PRINT_SAMPLES") != nullptr)
    std::ofstream(WSFAULT_SOURCE_DIR "/tests/report/samples/" + file) << text;
  if (text_of(file) == text) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "not as tests/report/samples/" << file << " has it:\n" << text;
}

}  // namespace wsfault::report::sample
