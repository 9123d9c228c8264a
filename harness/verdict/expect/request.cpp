// Expectation `request`: such an upgrade request arrived.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/handshake.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"
#include "wire/field.hpp"

namespace wsfault::verdict {
namespace {

struct RequestExpected {
  std::optional<TextPattern> path;
  HeaderPatterns headers;
  std::optional<TextPattern> subprotocol;
  std::optional<TextPattern> body;
};

constexpr std::string_view protocol_header = "Sec-WebSocket-Protocol";

/// The offers are one by one or all together what is expected.
bool offers(const wire::Headers& headers, const TextPattern& pattern) {
  const auto matches = [&](std::string_view text) { return pattern.matches(text); };
  return std::ranges::any_of(wire::values(headers, protocol_header), matches) ||
         std::ranges::any_of(wire::list_items(headers, protocol_header), matches);
}

Sighting request_sighting(std::int64_t at, const wire::RequestHead& head, const RequestExpected& expected) {
  std::string seen = fmt::format("it asked for {}", head.target);
  bool right = true;
  if (expected.path) right = fault::matches_target(*expected.path, head.target);
  if (const auto wrong = wrong_header(head.headers, expected.headers)) {
    right = false;
    seen += fmt::format(" ({})", *wrong);
  }
  if (expected.subprotocol && !offers(head.headers, *expected.subprotocol)) {
    right = false;
    const auto offered = wire::find_header(head.headers, protocol_header);
    seen += fmt::format(" (subprotocol: {})", offered.value_or("none"));
  }
  return {at, right, std::move(seen)};
}

std::string phrase(const RequestExpected& request) {
  std::string text = "asks to upgrade";
  if (request.path) text += fmt::format(", path {}", pattern_text(*request.path));
  text += headers_text(request.headers);
  if (request.subprotocol) text += fmt::format(", subprotocol {}", pattern_text(*request.subprotocol));
  if (request.body) text += fmt::format(", body {}", pattern_text(*request.body));
  return text;
}

Look look(const Question& question, const RequestExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "no upgrade request came"};
  for (const trace::Leg* leg : question.legs()) {
    const trace::Leg& client = leg->of->client;
    if (!client.request || !client.request->fact->upgrade) continue;
    Sighting sighting = request_sighting(client.request->at, client.request->fact->head, expected);
    std::optional<BodyFit> body;
    if (expected.body && sighting.matches && sighting.at >= *question.since)
      body = fit_of_request_body(client, *expected.body);
    if (auto undecided = take(sightings, std::move(sighting), body)) return *std::move(undecided);
  }
  std::ranges::stable_sort(sightings.all, {}, &Sighting::at);
  return sightings;
}

const Nature nature_of_a_request{.at_the_upstream = true, .in_the_handshake = true};

Read read_request(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "request");
  if (!value.table()) return std::nullopt;
  RequestExpected request;
  request.path = read_pattern(inner, "path");
  request.headers = read_headers(inner);
  request.subprotocol = read_pattern(inner, "subprotocol");
  request.body = read_pattern(inner, "body");
  inner.finish();
  return expected(request, nature_of_a_request);
}

}  // namespace

ExpectationKind request_kind() {
  return {.key = "request",
          .value = "{ path, headers, subprotocol, body } with texts or /regex/",
          .holds = "such an upgrade request arrived",
          .read = read_request,
          .schema = schema::table({{"path", schema::ref("text")},
                                   {"headers", schema::ref("patterns")},
                                   {"subprotocol", schema::ref("text")},
                                   {"body", schema::ref("text")}})};
}

}  // namespace wsfault::verdict
