// Expectation `wire_close`: that Close frame was on the wire.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/codes.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct WireCloseExpected {
  bool empty = false;  ///< a Close without a body
  Codes codes;
  std::optional<record::Side> from;  ///< of `direction`: to-server is from the client
};

constexpr CodeSpace wire_space{0, 65535, false,
                               R"(a close code, a range, a list of these, "empty" or "any")"};

std::string close_text(const record::FrameSeen& frame) {
  const std::string code = frame.code          ? std::to_string(*frame.code)
                           : frame.length == 0 ? "empty"
                                               : "without a code";
  return fmt::format("Close {} from the {}{}", code, wire::to_string(frame.from),
                     frame.injected ? " (injected)" : "");
}

bool matches(const record::FrameSeen& frame, const WireCloseExpected& expected) {
  if (expected.empty) return frame.length == 0;
  return frame.code ? expected.codes.contains(*frame.code) : expected.codes.any;
}

/// At both taps, of both sides.
std::vector<trace::SeenFrame> closes_of(const Question& question) {
  std::vector<trace::SeenFrame> closes;
  for (const trace::Leg* leg : question.legs()) {
    for (const trace::Leg* side : {leg, &leg->peer()}) {
      for (const auto* frames : {&side->sent_closes, &side->received_closes})
        closes.insert(closes.end(), frames->begin(), frames->end());
    }
  }
  std::ranges::sort(closes, {}, &trace::SeenFrame::index);
  return closes;
}

std::string phrase(const WireCloseExpected& close) {
  const std::string what = close.empty ? "an empty Close" : fmt::format("Close {}", to_string(close.codes));
  const std::string from = close.from ? fmt::format(" from the {}", wire::to_string(*close.from)) : "";
  return fmt::format("has {}{} on its wire", what, from);
}

Look look(const Question& question, const WireCloseExpected& expected) {
  Sightings sightings{.nothing = "no such Close was on the wire"};
  for (const trace::SeenFrame& close : closes_of(question)) {
    const record::FrameSeen& frame = *close.fact;
    if (expected.from && frame.from != *expected.from) continue;
    // Both taps show a Close that passed untouched: it is told once, but on each side of `since`.
    Sighting sighting{close.at, matches(frame, expected), close_text(frame)};
    const Sighting* last = sightings.all.empty() ? nullptr : &sightings.all.back();
    const bool same_side = last && (last->at < *question.since) == (close.at < *question.since);
    if (!same_side || last->seen != sighting.seen) sightings.all.push_back(std::move(sighting));
  }
  return sightings;
}

const Nature nature_of_a_wire_close{.says_the_end = true, .judged_by = {record::CutKind::closes}};

Read read_wire_close(TableReader& table, std::string_view key) {
  WireCloseExpected close;
  if (const auto direction = table.one_of("direction", {"to-client", "to-server", "both"})) {
    if (*direction == "to-client") close.from = record::Side::server;
    if (*direction == "to-server") close.from = record::Side::client;
  }
  const Value& value = *table.raw(key);
  if (value.text() && *value.text() == "empty") {
    close.empty = true;
    return expected(close, nature_of_a_wire_close);
  }
  const auto codes = read_codes(table, key, wire_space);
  if (!codes) return std::nullopt;
  close.codes = *codes;
  return expected(close, nature_of_a_wire_close);
}

}  // namespace

ExpectationKind wire_close_kind() {
  return {
      .key = "wire_close",
      .value = R"(a code, a list, "empty", "any")",
      .holds = "that Close frame was on the wire, in the stated `direction`",
      .read = read_wire_close,
      .schema = codes_schema(wire_space, "any|empty"),
      .narrowings = {{"direction", schema::or_variable(schema::one_of({"to-client", "to-server", "both"})),
                      "Which way it went"}}};
}

}  // namespace wsfault::verdict
