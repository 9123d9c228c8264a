// Expectation `status`: the handshake was answered with that HTTP status.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/codes.hpp"
#include "verdict/expect/handshake.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct StatusExpected {
  Codes codes;
  HeaderPatterns headers;
  std::optional<TextPattern> body;
};

constexpr CodeSpace status_space{100, 599, true,
                                 R"(an HTTP status, "5xx", a range, a list of these, or "any")"};

std::string phrase(const StatusExpected& status) {
  std::string text = fmt::format("is answered {}", to_string(status.codes));
  text += headers_text(status.headers);
  if (status.body) text += fmt::format(", body {}", pattern_text(*status.body));
  return text;
}

Sighting answer_sighting(const trace::SeenAnswer& answer, const StatusExpected& expected) {
  const wire::ResponseHead& head = *answer.fact->head;
  const auto wrong = wrong_header(head.headers, expected.headers);
  std::string seen = fmt::format("it was answered {}", head.status);
  if (wrong) seen += fmt::format(" ({})", *wrong);
  return {answer.at, expected.codes.contains(head.status) && !wrong, std::move(seen)};
}

Look look(const Question& question, const StatusExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "the handshake was not answered"};
  // What the harness killed might have answered yet.
  const trace::Process& process = question.trace.process("sut");
  const auto is_over = [&](const trace::Leg* leg) {
    const auto& end = leg->ended ? leg->ended : leg->own_end;
    return leg->over() && !(end && process.is_killed_at(end->at));
  };
  const auto legs = question.legs();
  sightings.ended = !legs.empty() && std::ranges::all_of(legs, is_over);
  for (const trace::Leg* leg : legs) {
    if (!leg->answer) continue;
    Sighting sighting = answer_sighting(*leg->answer, expected);
    std::optional<BodyFit> body;
    if (expected.body && sighting.matches && sighting.at >= *question.since)
      body = fit_of_answer_body(*leg, *expected.body);
    if (auto undecided = take(sightings, std::move(sighting), body)) return *std::move(undecided);
  }
  std::ranges::stable_sort(sightings.all, {}, &Sighting::at);
  return sightings;
}

const Nature nature_of_a_status{.in_the_handshake = true, .says_the_end = true};

Read read_status(TableReader& table, std::string_view key) {
  const auto codes = read_codes(table, key, status_space);
  StatusExpected status;
  status.headers = read_headers(table);
  status.body = read_pattern(table, "body");
  if (!codes) return std::nullopt;
  status.codes = *codes;
  return expected(status, nature_of_a_status);
}

}  // namespace

ExpectationKind status_kind() {
  return {.key = "status",
          .value = R"(502, a list, "5xx", "any")",
          .holds = "the handshake was answered with that HTTP status; `headers` and `body` narrow it",
          .read = read_status,
          .schema = codes_schema(status_space, "any|[1-5]xx"),
          .narrowings = {{"headers", schema::ref("patterns"), "Of the answer: texts or /regex/"},
                         {"body", schema::ref("text"), "Of the answer: a text or /regex/"}}};
}

}  // namespace wsfault::verdict
