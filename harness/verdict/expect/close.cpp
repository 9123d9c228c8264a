// Expectation `close`: the code that the party's API reported, and why the connection ended as the link saw
// it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/codes.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict {
namespace {

struct CloseExpected {
  Codes codes;
  std::optional<TextPattern> reason;
  std::optional<bool> clean;
  std::vector<std::string> causes;  ///< reset, fin, heartbeat, timeout, protocol-error, handshake
};

constexpr CodeSpace close_space{0, 65535, false,
                                R"(a close code, a range "4000-4999", a list of these, or "any")"};

const std::vector<std::string_view>& all_causes() {
  static const std::vector<std::string_view> causes = {"reset",          "fin",      "heartbeat", "timeout",
                                                       "protocol-error", "handshake"};
  return causes;
}

/// What came less than this before the end means that it ended no silence.
constexpr Duration least_silence = std::chrono::milliseconds(50);

/// What a report, or the wire by RFC 6455 7.1.5, says of an end.
struct Told {
  std::int64_t at = 0;
  std::optional<int> code;
  std::string reason;
  std::optional<bool> clean;
  bool on_wire = false;
};

bool has_unanswered_ping(const trace::Leg& connection, std::int64_t end) {
  const auto at = [](const trace::SeenFrame& frame) { return frame.at; };
  const auto& pings = connection.sent_heartbeats.pings();
  const auto& pongs = connection.received_heartbeats.pongs();
  const auto behind = std::ranges::upper_bound(pings, end, {}, at);
  if (behind == pings.begin()) return false;
  const auto pong = std::ranges::lower_bound(pongs, (behind - 1)->at, {}, at);
  return pong == pongs.end() || pong->at > end;
}

bool broke_protocol(const trace::Leg& connection, std::int64_t end) {
  return std::ranges::any_of(connection.violations, [&](const trace::SeenViolation& violation) {
    // A stream that ends inside a frame has ended, which is no illegal byte.
    return violation.at <= end && violation.fact->violation != "truncated-frame";
  });
}

/// In the words of the key `cause`, or "close" where the peer's Close frame came first, or "itself".
std::string cause_of(const trace::Leg& connection, std::int64_t reported_at) {
  if (connection.number() == 0 || !connection.open()) return "handshake";
  const std::int64_t own_end = connection.own_end ? connection.own_end->at : reported_at;
  const std::int64_t end = std::min(own_end, reported_at);
  if (broke_protocol(connection, end)) return "protocol-error";
  const auto& ended = connection.ended;
  const auto peer_close = connection.peer_close();
  if (peer_close && peer_close->at <= end) return "close";
  if (ended && ended->at <= end) return std::string(to_string(ended->fact->how));
  if (has_unanswered_ping(connection, end)) return "heartbeat";
  return end - connection.last_arrival(end) >= least_silence.count() ? "timeout" : "itself";
}

std::string describe(const Told& told, const std::string& cause) {
  std::string text = told.on_wire ? "the wire shows " : "it reported ";
  text += told.code ? std::to_string(*told.code) : "a close without a code";
  if (!told.reason.empty()) text += fmt::format(" \"{}\"", told.reason);
  if (told.clean) text += *told.clean ? ", clean" : ", not clean";
  if (!cause.empty()) text += fmt::format(" (cause: {})", cause);
  return text;
}

Sighting sighting(const Told& told, const trace::Leg& connection, const CloseExpected& expected) {
  const std::string cause = expected.causes.empty() ? "" : cause_of(connection, told.at);
  const bool right_code = told.code ? expected.codes.contains(*told.code) : expected.codes.any;
  const bool right_reason = !expected.reason || expected.reason->matches(told.reason);
  const bool right_clean = !expected.clean || told.clean == expected.clean;
  const bool right_cause =
      expected.causes.empty() || std::ranges::find(expected.causes, cause) != expected.causes.end();
  return {told.at, right_code && right_reason && right_clean && right_cause, describe(told, cause)};
}

/// RFC 6455 7.1.5: the code of the first Close frame received, 1005 if it has none, 1006 without a Close
/// frame.
std::optional<Told> from_wire(const trace::Leg& connection) {
  std::optional<std::int64_t> end;
  for (const auto& each : {connection.ended, connection.own_end}) {
    if (each) end = std::min(end.value_or(each->at), each->at);
  }
  const auto close = connection.peer_close();
  if (close && (!end || close->at <= *end)) {
    const auto code = close->fact->code;
    return Told{close->at, code ? static_cast<int>(*code) : wire::no_status_received, close->fact->text, true,
                true};
  }
  if (!end) return std::nullopt;
  return Told{*end, wire::abnormal_closure, "", false, true};
}

Told from_report(const trace::SeenReport& report) {
  return {report.at, report.fact->code, report.fact->reason.value_or(""), report.fact->clean, false};
}

std::string why_blind(const Question& question, bool any_report) {
  const model::ReportMode mode = question.scenario.system.report;
  const bool silent =
      mode == model::ReportMode::none || (mode == model::ReportMode::automatic && !any_report);
  return question.party == "sut" && silent ? "the system does not report, so the code that it saw is not known" : "";
}
constexpr std::string_view how_to_report =
    R"(Let it print {"event":"close","code":1006} at each end (docs/scenarios.md, Reports); --report none skips this.)";

/// The connection that is looked at; of no certain one, refused attempts too.
std::vector<const trace::Leg*> legs_of(const Question& question) {
  const auto& [link, party, side] = question.seat;
  std::vector<const trace::Leg*> legs;
  const trace::Connection* refused = question.trace.caller(link, party).refused();
  if (refused && question.expectation.connection == 0) legs.push_back(&refused->leg(side));
  const trace::Connection* named = question.trace.find(link, party, question.connection);
  if (named && !named->plain) legs.push_back(&named->leg(side));
  return legs;
}

std::string phrase(const CloseExpected& close) {
  std::string text = close.codes.any ? "reports a close" : fmt::format("reports close {}", to_string(close.codes));
  if (close.reason) text += fmt::format(", reason {}", pattern_text(*close.reason));
  if (close.clean) text += *close.clean ? ", clean" : ", not clean";
  if (!close.causes.empty()) text += fmt::format(", caused by {}", fmt::join(close.causes, " or "));
  return text;
}

Look look(const Question& question, const CloseExpected& expected) {
  const trace::View seen = trace::view(question.trace, question.seat);
  const bool by_report = question.reports_itself() && (question.party == "sut" || seen.any_report);
  Sightings sightings{.first_decides = true, .nothing = "it reported no close"};
  for (const trace::Leg* each : legs_of(question)) {
    const trace::Leg& connection = *each;
    if (by_report) {
      for (const trace::SeenReport& report : connection.reports().closes) {
        sightings.all.push_back(sighting(from_report(report), connection, expected));
      }
    } else if (const auto told = from_wire(connection)) {
      sightings.all.push_back(sighting(*told, connection, expected));
    }
  }
  std::ranges::stable_sort(sightings.all, {}, &Sighting::at);
  if (by_report) {
    sightings.blind = why_blind(question, seen.any_report);
    sightings.to_see = how_to_report;
    if (question.scenario.system.report == model::ReportMode::none && question.party == "sut") {
      return Answer{State::inconclusive, sightings.blind, {}, 0};
    }
  } else {
    sightings.nothing = "the wire shows no close";
  }
  return sightings;
}

/// What ended it is seen by the last bytes before.
Nature nature_of(const CloseExpected& close) {
  Nature nature{.by_report = true, .says_the_end = true, .judged_by = {record::CutKind::reports}};
  if (!close.causes.empty()) nature.judged_by.insert({record::CutKind::messages, record::CutKind::pings});
  return nature;
}

Read read_close(TableReader& table, std::string_view key) {
  const auto codes = read_codes(table, key, close_space);
  CloseExpected close;
  close.reason = read_pattern(table, "reason");
  close.clean = table.boolean("clean");
  if (const auto causes = table.texts("cause")) {
    for (const std::string& cause : *causes) {
      if (std::ranges::find(all_causes(), cause) == all_causes().end()) {
        table.error(*table.raw("cause"), fmt::format("unknown cause \"{}\"", cause),
                    suggest(cause, all_causes()));
      }
    }
    close.causes = *causes;
  }
  if (!codes) return std::nullopt;
  close.codes = *codes;
  return expected(close, nature_of(close));
}

}  // namespace

ExpectationKind close_kind() {
  return {.key = "close",
          .value = R"(a code, a list, a range "4000-4999", "any")",
          .holds = "the party's API reported that close code; `reason`, `clean` and `cause` narrow it",
          .read = read_close,
          .schema = codes_schema(close_space, "any"),
          .narrowings = {{"reason", schema::ref("text"), "The reason that it reported: a text or /regex/"},
                         {"clean", schema::ref("boolean"), "Whether it called the end clean"},
                         {"cause", schema::one_or_list(schema::or_variable(schema::one_of(all_causes()))),
                          "What ended it, as the link saw it"}}};
}

}  // namespace wsfault::verdict
