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

Look look(const Question& question, const StatusExpected& expected) {
  // The log keeps no bodies: with `body`, a right status and right headers prove nothing.
  Sightings sightings{.first_decides = true, .nothing = "the handshake was not answered"};
  for (const trace::SeenAnswer& answer : of_legs(question, &trace::Leg::answer)) {
    const wire::ResponseHead& head = *answer.fact->head;
    const auto wrong = wrong_header(head.headers, expected.headers);
    const bool right = expected.codes.contains(head.status) && !wrong;
    std::string seen = fmt::format("it was answered {}", head.status);
    if (wrong) seen += fmt::format(" ({})", *wrong);
    if (right && expected.body && answer.at >= *question.since) {
      return Answer{State::inconclusive, seen + ", but the log keeps no body", answer.at, 0};
    }
    sightings.all.push_back({answer.at, right, std::move(seen)});
  }
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
