#include "verdict/expect/handshake.hpp"

#include <fmt/format.h>

#include "value/words.hpp"
#include "wire/body.hpp"
#include "wire/field.hpp"

namespace wsfault::verdict {
namespace {

using record::Side;
using Once = trace::Once<record::BodySeen>;

/// As it is shown in a finding: a page is long, and has lines.
std::string shortened(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string shown(text.substr(0, most));
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return fmt::format("\"{}{}\"", shown, text.size() > most ? "…" : "");
}

bool died(const trace::Once<record::StreamEnded>& end) {
  return end && end->fact->how != record::EndKind::fin;
}

/// Nothing more of what `from` sends is seen at this leg.
bool is_over(const trace::Leg& leg, Side from) {
  const bool ended = from == leg.side ? leg.own_end.has_value() : leg.ended.has_value();
  return ended || died(leg.own_end) || died(leg.ended);
}

BodyFit fit_of(const record::BodySeen& body, std::int64_t at, const TextPattern& expected) {
  const bool kept_whole = body.text.size() == body.size;
  const bool fits = expected.matches(body.text) && (expected.is_regex() || (kept_whole && body.whole));
  std::string seen = body.size == 0 ? "an empty body" : "body " + shortened(body.text);
  if (kept_whole && !body.whole) seen += ", which is incomplete";
  if (fits) return {BodyFit::Kind::right, std::move(seen), at};
  if (kept_whole) return {BodyFit::Kind::wrong, std::move(seen), at};
  return {BodyFit::Kind::unknown,
          fmt::format("the log keeps only the first {} of its body", counted(body.text.size(), "byte")), at};
}

/// `head_at`: when the head came that says whether there is a body.
BodyFit fit_of(const Once& body, bool has_one, std::int64_t head_at, bool over, const TextPattern& expected) {
  if (!has_one) return fit_of(record::BodySeen{.whole = true}, head_at, expected);
  if (body) return fit_of(*body->fact, body->at, expected);
  if (over) return {BodyFit::Kind::unknown, "the log keeps no body", head_at};
  return {BodyFit::Kind::open, "its body has not come to its end", head_at};
}

/// Many clients leave when they have read a head that refuses them: then what the server sent decides.
BodyFit fit_of_unread_body(const trace::Leg& client, const TextPattern& expected) {
  const trace::Leg& server = client.peer();
  const bool passed_on = server.answer && server.answer_body &&
                         server.answer->fact->head->status == client.answer->fact->head->status;
  if (passed_on) {
    BodyFit sent = fit_of(*server.answer_body->fact, server.answer_body->at, expected);
    if (server.answer_body->fact->whole || sent.kind != BodyFit::Kind::wrong) return sent;
  }
  return {BodyFit::Kind::unknown, "it left before the whole body had come", client.answer_body->at};
}

}  // namespace

BodyFit fit_of_answer_body(const trace::Leg& leg, const TextPattern& expected) {
  const std::string method = leg.request ? leg.request->fact->head->method : std::string();
  const auto framing = wire::body_framing(*leg.answer->fact->head, method);
  const BodyFit fit = fit_of(leg.answer_body, framing.kind != wire::BodyFraming::Kind::none, leg.answer->at,
                             is_over(leg, Side::server), expected);
  const bool comes_whole =
      fit.kind == BodyFit::Kind::right || (leg.answer_body && leg.answer_body->fact->whole);
  const bool left = leg.side == Side::client && leg.own_end && leg.answer_body;
  return left && !comes_whole ? fit_of_unread_body(leg, expected) : fit;
}

BodyFit fit_of_request_body(const trace::Leg& client, const TextPattern& expected) {
  const auto framing = wire::body_framing(*client.request->fact->head);
  return fit_of(client.request_body, framing.kind != wire::BodyFraming::Kind::none, client.request->at,
                is_over(client, Side::client), expected);
}

std::optional<Answer> take(Sightings& sightings, Sighting head, const std::optional<BodyFit>& body) {
  const BodyFit::Kind kind = body ? body->kind : BodyFit::Kind::right;
  const std::string undecided = body ? fmt::format("{}, but {}", head.seen, body->seen) : std::string();
  if (kind == BodyFit::Kind::unknown) return Answer{State::inconclusive, undecided, body->at, 0};
  if (kind == BodyFit::Kind::open) {
    sightings.nothing = undecided;
    return std::nullopt;
  }
  if (body) {
    head.matches = kind == BodyFit::Kind::right;
    head.seen += " with " + body->seen;
    head.at = body->at;
  }
  sightings.all.push_back(std::move(head));
  return std::nullopt;
}

std::optional<std::string> wrong_header(const wire::Headers& headers, const HeaderPatterns& expected) {
  for (const auto& [name, pattern] : expected) {
    if (fault::matches_header(headers, name, pattern)) continue;
    const auto value = wire::find_header(headers, name);
    return value ? fmt::format("{}: {}", name, *value) : fmt::format("without {}", name);
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict
