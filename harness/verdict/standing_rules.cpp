// Standing rules: what the system under test may never do, whatever a scenario expects: put on a wire what no
// endpoint may send (RFC 6455 4.1, 5, 7.4, 8.1), and come back again and again without a pause.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "record/http_in_frames.hpp"
#include "verdict/cause.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/pairing.hpp"
#include "verdict/oracle/words.hpp"
#include "verdict/storm.hpp"
#include "wire/close_code.hpp"
#include "wire/head_lapses.hpp"

namespace wsfault::verdict {
namespace {

using record::Side;
using trace::Leg;

/// The side on which the system stands at a link; none where it does not. Every link of a gateway but "front"
/// leads to an upstream.
std::optional<Side> own_side(model::Role role, std::string_view link) {
  switch (role) {
    case model::Role::client:
      return link == "link" ? std::optional(Side::client) : std::nullopt;
    case model::Role::server:
      return link == "link" ? std::optional(Side::server) : std::nullopt;
    case model::Role::gateway:
      if (link.empty()) return std::nullopt;
      return link == "front" ? Side::server : Side::client;
  }
  return std::nullopt;
}

/// Something on a wire that nobody may send.
struct Unsound {
  std::size_t index;
  const record::Event& event;
  const Leg& sender;
};

Side sender_of(const record::Event& event) {
  if (const auto* violation = std::get_if<record::ViolationSeen>(&event.what)) return violation->from;
  if (const auto* bytes = std::get_if<record::NotHttp>(&event.what)) return bytes->from;
  if (const auto* frame = std::get_if<record::FrameSeen>(&event.what)) return frame->from;
  return std::holds_alternative<record::RequestSeen>(event.what) ? Side::client : Side::server;
}

constexpr std::string_view truncated = "truncated-frame";
/// What comes behind it is none of WebSocket either.
constexpr std::string_view http_answer = "HTTP answer";

std::optional<std::string_view> key_of(const record::RequestSeen& request) {
  return wire::find_header(request.head->headers, "Sec-WebSocket-Key");
}

/// What it is, where it is forbidden, and what to say of it.
struct Rule {
  std::string name;
  std::string section;
  std::string seen;
  Cause cause = Cause::breaks_protocol;
};

/// An endpoint that sends back what it should have refused: the frame that it got before, if there is one.
const record::ViolationSeen* came_before(const record::ViolationSeen& violation, std::size_t at, const Leg& sender) {
  const auto same = std::ranges::find_if(sender.violations, [&](const trace::SeenViolation& came) {
    return came.index < at && came.fact->frame != 0 && came.fact->violation == violation.violation;
  });
  return same == sender.violations.end() ? nullptr : &*(*same).fact;
}

/// `at`: the index of its event.
Rule rule_of(const record::ViolationSeen& violation, std::size_t at, const Leg& sender) {
  Rule rule{violation.violation, violation.section, {}};
  if (violation.violation == truncated) {
    rule.section = "RFC 6455 5.5.1";
    rule.seen = "half a frame came after its Close";
    return rule;
  }
  if (violation.frame == 0) {
    rule.seen = fmt::format("its {} is illegal: {}", sender.side == Side::client ? "request" : "answer",
                            violation.violation);
    return rule;
  }
  rule.seen = fmt::format("its frame {} is illegal: {}", violation.frame, violation.violation.str());
  if (const auto* same = came_before(violation, at, sender)) {
    rule.seen += fmt::format(", as frame {} was, which it had received", same->frame);
    rule.cause = Cause::bad_frame_accepted;
  }
  const auto number = [](const trace::SeenFrame& frame) { return frame.fact->number; };
  const auto close = std::ranges::find(sender.sent_closes, violation.frame, number);
  if (close == sender.sent_closes.end() || !close->fact->code) return rule;
  if (const auto page = record::status_line_in(*close->fact))
    return {std::string(http_answer), "RFC 6455 5.2",
            fmt::format(R"(it wrote an HTTP answer into the open WebSocket: "{}")", *page), Cause::answer_in_stream};
  rule.seen += fmt::format(", {}", oracle::close_words(*close->fact));
  const auto came = sender.peer_close();
  const bool for_its_code = !wire::may_be_on_wire(*close->fact->code);
  if (for_its_code && came && came->index < close->index && came->fact->code == close->fact->code)
    rule.cause = Cause::illegal_code_echoed;
  return rule;
}

Rule rule_of(const Unsound& it) {
  if (const auto* violation = std::get_if<record::ViolationSeen>(&it.event.what))
    return rule_of(*violation, it.index, it.sender);
  if (std::holds_alternative<record::FrameSeen>(it.event.what))
    return {"ping-after-close", "RFC 6455 5.5.2", "it sent a ping when both sides had said Close"};
  if (const auto* request = std::get_if<record::RequestSeen>(&it.event.what)) {
    if (request->flaws->empty())
      return {"key", "RFC 6455 4.1",
              fmt::format("its Sec-WebSocket-Key {} is that of an earlier request", *key_of(*request))};
    return {"request", "RFC 6455 4.1", "its request is no sound handshake: " + request->flaws->front()};
  }
  if (const auto* answer = std::get_if<record::ResponseSeen>(&it.event.what))
    return {"answer", "RFC 6455 4.2.2", "its 101 must be refused: " + answer->flaws->front()};
  const bool in_lf = wire::ends_lines_in_lf(std::get<record::NotHttp>(it.event.what).start);
  if (in_lf) return {"not HTTP", "RFC 9112 2.1", "the lines of its head end in LF alone"};
  return {"not HTTP", "RFC 6455 4.1", "it sent something that is not HTTP where a head was due"};
}

bool has(const std::vector<std::string>& flaws, const std::string& flaw) {
  return std::ranges::find(flaws, flaw) != flaws.end();
}

/// The same came in on the gateway's other side.
bool came_in(const Unsound& it, const Leg& other) {
  if (const auto* violation = std::get_if<record::ViolationSeen>(&it.event.what)) {
    const auto same = [&](const trace::SeenViolation& came) {
      return came.fact->violation == violation->violation;
    };
    const auto of_that_name = [&](const wire::HeadLapse& lapse) {
      return violation->violation == lapse.name;
    };
    // Some are told of their sender alone.
    if (std::ranges::any_of(other.violations, same) || std::ranges::any_of(other.peer().broke_itself, same))
      return true;
    if (other.answer && std::ranges::any_of(wire::lapses_of(*other.answer->fact->head), of_that_name))
      return true;
    return other.request && std::ranges::any_of(wire::lapses_of(*other.request->fact->head), of_that_name);
  }
  if (const auto* frame = std::get_if<record::FrameSeen>(&it.event.what)) {
    return std::ranges::any_of(other.received_heartbeats.pings(),
                               [&](const trace::SeenFrame& came) { return came.fact->text == frame->text; });
  }
  if (const auto* request = std::get_if<record::RequestSeen>(&it.event.what)) {
    if (request->flaws->empty()) return other.request && key_of(*other.request->fact) == key_of(*request);
    return other.request && has(*other.request->fact->flaws, request->flaws->front());
  }
  if (const auto* answer = std::get_if<record::ResponseSeen>(&it.event.what))
    return other.answer && has(*other.answer->fact->flaws, answer->flaws->front());
  return other.garbage.has_value();
}

/// Of a gateway: what it passes on and what is its own.
class Passing {
 public:
  Passing(const Case& scenario, const trace::Trace& trace)
      : scenario_(scenario), pairing_(oracle::pair_up(trace, scenario.system.kind)) {}

  /// A tunnel answers for its own bytes alone. Of answers the oracle says whether they are right.
  bool is_own(const Unsound& it) const {
    const bool is_answer = std::holds_alternative<record::ResponseSeen>(it.event.what);
    const bool is_garbled_answer =
        std::holds_alternative<record::NotHttp>(it.event.what) && it.sender.side == Side::server;
    if (scenario_.appropriate && (is_answer || is_garbled_answer)) return false;
    return scenario_.system.kind == model::Kind::websocket || !has_come_in(it).value_or(true);
  }
  /// On its other side; none: of an attempt that nothing joins to a client.
  std::optional<bool> has_come_in(const Unsound& it) const {
    for (const oracle::Pair& pair : pairing_.pairs) {
      const bool at_front = pair.front == &it.sender;
      if (!at_front && pair.back != &it.sender) continue;
      if (pair.unclear) return std::nullopt;
      const Leg* other = at_front ? pair.back : pair.front;
      return other && came_in(it, *other);
    }
    return std::nullopt;
  }

 private:
  const Case& scenario_;
  oracle::Pairing pairing_;
};

/// Its stream ended in the middle of it: the end is what counts.
bool is_of_the_end(const Unsound& it) {
  // After its Close there is no frame that it could have begun.
  if (const auto* violation = std::get_if<record::ViolationSeen>(&it.event.what))
    return violation->violation == truncated && !it.sender.own_close();
  const auto& end = it.sender.own_end;
  return std::holds_alternative<record::NotHttp>(it.event.what) && end && end->fact->inside == "head";
}

/// The same key again is right where it is the same handshake still: a redirect is followed, credentials are
/// added. A process that was started anew may draw from the same seed.
bool may_repeat_the_key(const Unsound& it, const trace::Trace& trace) {
  const auto* request = std::get_if<record::RequestSeen>(&it.event.what);
  if (!request || !request->flaws->empty()) return false;
  const trace::Connection* before = it.sender.of->same_key;
  if (!before) return true;
  const auto& answer = before->client.answer;
  const int status = answer ? answer->fact->head->status : 0;
  if ((status >= 300 && status < 400) || status == 401 || status == 407) return true;
  return std::ranges::any_of(trace.process(it.sender.of->party).events,
                             [&](const trace::ProcessEvent& event) {
                               return event.change == record::ProcessChange::started &&
                                      event.at > before->accepted && event.at <= it.event.at;
                             });
}

Finding violation(const Rule& rule, std::int64_t at, int connection) {
  Finding finding;
  finding.state = State::violated;
  finding.subject = "standing rule: " + rule.name;
  finding.expected = fmt::format("the sut sends nothing that {} forbids", rule.section);
  finding.seen = rule.seen;
  explain_by(finding, rule.cause);
  finding.at = at;
  finding.connection = connection;
  return finding;
}

std::vector<Finding> judge_bytes(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings;
  std::optional<Passing> passing;
  std::set<std::string> said;  // each rule is said once: a client without masks breaks it with every frame
  std::set<const Leg*> no_more_frames;
  for (const std::size_t index : trace.unsound()) {
    const record::Event& event = trace.log()[index];
    const record::Where& where = event.where;
    if (own_side(scenario.role, where.link.str()) != sender_of(event)) continue;
    const record::Name party = where.party.empty() ? record::Name("sut") : where.party;
    const trace::Connection* connection = trace.find(where.link, party, where.connection);
    if (!connection) continue;
    const Unsound it{index, event, connection->leg(sender_of(event))};
    if (is_of_the_end(it) || no_more_frames.contains(&it.sender)) continue;
    Rule rule = rule_of(it);
    if (said.contains(rule.name) || may_repeat_the_key(it, trace)) continue;
    if (scenario.role == model::Role::gateway) {
      if (!passing) passing.emplace(scenario, trace);
      if (!passing->is_own(it)) continue;
    }
    if (passing && passing->has_come_in(it).value_or(false)) rule.cause = Cause::passes_illegal;
    if (rule.name == http_answer) no_more_frames.insert(&it.sender);
    said.insert(rule.name);
    findings.push_back(violation(rule, event.at, where.connection));
  }
  return findings;
}

/// Attempts of the system, those that were refused where they could be seen or it reports them.
std::vector<std::pair<std::int64_t, int>> attempts_of(const trace::Trace& trace) {
  std::vector<std::pair<std::int64_t, int>> attempts;  // with the number of the connection
  const trace::Caller& caller = trace.caller("link", "sut");
  for (const trace::Connection* each : caller.attempts()) attempts.emplace_back(each->accepted, each->number);
  const std::vector<std::int64_t> seen = trace.refused_attempts("link");
  for (const std::int64_t at : seen) attempts.emplace_back(at, 0);
  if (const trace::Connection* refused = seen.empty() ? caller.refused() : nullptr) {
    const trace::Reports& reports = refused->client.reports();
    // A refusal comes at once: the report's time is that of the attempt.
    for (const trace::SeenReport& each : reports.closes.empty() ? reports.errors : reports.closes)
      attempts.emplace_back(each.at, 0);
  }
  std::ranges::sort(attempts);
  return attempts;
}

/// Only a client comes back. Where nothing is to be judged, how many clients there are must be said.
std::optional<Finding> judge_storm(const Case& scenario, const trace::Trace& trace) {
  const auto instances = scenario.system.traits.integer("instances");
  if (scenario.role != model::Role::client || (!scenario.appropriate && !instances)) return std::nullopt;
  std::vector<std::int64_t> times;
  const auto attempts = attempts_of(trace);
  for (const auto& [at, connection] : attempts) times.push_back(at);
  const auto storm = find_storm(times, scenario.system.traits.backoff(), scenario.instances());
  if (!storm) return std::nullopt;
  const auto [at, connection] = attempts[storm->attempt];
  Finding finding = violation({"storm", {}, storm->text, Cause::no_backoff}, at, connection);
  finding.expected = most_attempts(scenario.instances());
  return finding;
}

}  // namespace

std::vector<Finding> judge_standing_rules(const Case& scenario, const trace::Trace& trace) {
  std::vector<Finding> findings = judge_bytes(scenario, trace);
  if (auto storm = judge_storm(scenario, trace)) findings.push_back(std::move(*storm));
  return findings;
}

}  // namespace wsfault::verdict
