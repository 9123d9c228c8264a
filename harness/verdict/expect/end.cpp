// Expectation `end`: how the TCP connection ended there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "value/words.hpp"
#include "verdict/expect/handshake.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct EndExpected {
  std::vector<std::string> hows;  ///< fin, reset, open
};

using record::Tap;

std::string end_text(const record::StreamEnded& end) {
  std::string how(to_string(end.how));
  if (end.how == record::EndKind::error) how = fmt::format("an error ({})", std::strerror(end.error));
  return fmt::format("TCP ended with {} {}", how, end.tap == Tap::sent ? "of its own" : "from its peer");
}

bool names(const EndExpected& expected, std::string_view how) {
  return std::ranges::find(expected.hows, how) != expected.hows.end();
}

constexpr std::string_view may_stay_open = "open";

Nature nature_of(const EndExpected& end) {
  const bool open = std::ranges::find(end.hows, may_stay_open) != end.hows.end();
  return {.lasting = open ? Lasting::must : Lasting::no, .says_the_end = true};
}

std::string phrase(const EndExpected& end) {
  return fmt::format("sees TCP end: {}", fmt::join(end.hows, " or "));
}

Look look(const Question& question, const EndExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "TCP stayed open"};
  std::vector<trace::SeenEnd> ends = of_legs(question, &trace::Leg::ended);
  const std::vector<trace::SeenEnd> own = of_legs(question, &trace::Leg::own_end);
  ends.insert(ends.end(), own.begin(), own.end());
  std::ranges::sort(ends, {}, &trace::SeenEnd::index);
  for (const trace::SeenEnd& end : ends)
    sightings.all.push_back({end.at, names(expected, to_string(end.fact->how)), end_text(*end.fact)});
  if (!names(expected, may_stay_open)) return sightings;
  // The first end decides; with none it stayed open, also when it had ended before `since`.
  if (sightings.all.empty()) return hold(question, {}, sightings.nothing);
  const Sighting& first = sightings.all.front();
  if (first.at < *question.since) return Answer{State::violated, first.seen + " before that", first.at, 0};
  if (first.at <= question.until && first.matches) return settle(question, sightings);
  return hold(question, Breach{first.at, first.seen}, sightings.nothing);
}

Read read_end(TableReader& table, std::string_view key) {
  const auto hows = table.texts(key);
  if (!hows) return std::nullopt;
  static const std::vector<std::string_view> known = {"fin", "reset", "open"};
  for (const std::string& how : *hows) {
    if (std::ranges::find(known, how) == known.end()) {
      table.error(*table.raw(key), fmt::format("unknown end \"{}\"", how), suggest(how, known));
      return std::nullopt;
    }
  }
  if (hows->empty()) wrong(table, *table.raw(key), key, R"("fin", "reset", "open" or a list)");
  const EndExpected end{*hows};
  return expected(end, nature_of(end));
}

}  // namespace

ExpectationKind end_kind() {
  return {.key = "end",
          .value = R"("fin", "reset", "open", a list)",
          .holds = "how the TCP connection ended there; \"open\" needs `for`",
          .read = read_end,
          .schema = schema::one_or_list(schema::or_variable(schema::one_of({"fin", "reset", "open"})))};
}

}  // namespace wsfault::verdict
