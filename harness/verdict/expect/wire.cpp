// Expectations about what is on the wire of one connection: `wire_close`, `status`, `request`, `end`.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

using record::Side;
using record::Tap;

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

using HeaderPatterns = std::vector<std::pair<std::string, TextPattern>>;

bool equal_names(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// The first header that is not as expected, as a phrase; none if all are.
std::optional<std::string> wrong_header(const wire::Headers& headers, const HeaderPatterns& expected) {
  for (const auto& [name, pattern] : expected) {
    const bool found =
        std::ranges::any_of(headers, [&, &name = name, &pattern = pattern](const wire::Header& header) {
          return equal_names(header.name, name) && pattern.matches(header.value);
        });
    if (found) continue;
    const auto value = wire::find_header(headers, name);
    return value ? fmt::format("{}: {}", name, *value) : fmt::format("without {}", name);
  }
  return std::nullopt;
}

std::string_view without_query(std::string_view target) { return target.substr(0, target.find('?')); }

/// The offers are one by one or all together what is expected.
bool offers(const wire::Headers& headers, const TextPattern& pattern) {
  for (const wire::Header& header : headers) {
    if (!equal_names(header.name, "Sec-WebSocket-Protocol")) continue;
    if (pattern.matches(header.value)) return true;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      std::string_view token = rest.substr(0, comma);
      while (token.starts_with(' ')) token.remove_prefix(1);
      while (token.ends_with(' ')) token.remove_suffix(1);
      if (pattern.matches(token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

Sighting request_sighting(std::int64_t at, const wire::RequestHead& head, const RequestExpected& expected) {
  std::string seen = fmt::format("it asked for {}", head.target);
  bool right = true;
  if (expected.path) {
    right = expected.path->matches(head.target) || expected.path->matches(without_query(head.target));
  }
  if (const auto wrong = wrong_header(head.headers, expected.headers)) {
    right = false;
    seen += fmt::format(" ({})", *wrong);
  }
  if (expected.subprotocol && !offers(head.headers, *expected.subprotocol)) {
    right = false;
    const auto offered = wire::find_header(head.headers, "Sec-WebSocket-Protocol");
    seen += fmt::format(" (subprotocol: {})", offered.value_or("none"));
  }
  return {at, right, std::move(seen)};
}

std::string end_text(const record::StreamEnded& end) {
  std::string how(to_string(end.how));
  if (end.how == record::EndKind::error) how = fmt::format("an error ({})", std::strerror(end.error));
  return fmt::format("TCP ended with {} {}", how, end.tap == Tap::sent ? "of its own" : "from its peer");
}

bool names(const EndExpected& expected, std::string_view how) {
  return std::ranges::find(expected.hows, how) != expected.hows.end();
}

/// One fact of each connection that is looked at, in the order of the log.
template <typename T>
std::vector<trace::Seen<T>> of_legs(const Question& question, trace::Once<T> trace::Leg::*fact) {
  std::vector<trace::Seen<T>> found;
  for (const trace::Leg* leg : question.legs()) {
    if (leg->*fact) found.push_back(*(leg->*fact));
  }
  std::ranges::sort(found, {}, &trace::Seen<T>::index);
  return found;
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

}  // namespace

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

Look look(const Question& question, const RequestExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "no upgrade request came"};
  for (const trace::Leg* leg : question.legs()) {
    const auto& request = leg->of->client.request;
    if (request && request->fact->upgrade)
      sightings.all.push_back(request_sighting(request->at, request->fact->head, expected));
  }
  std::ranges::stable_sort(sightings.all, {}, &Sighting::at);
  return sightings;
}

Look look(const Question& question, const EndExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "TCP stayed open"};
  std::vector<trace::SeenEnd> ends = of_legs(question, &trace::Leg::ended);
  const std::vector<trace::SeenEnd> own = of_legs(question, &trace::Leg::own_end);
  ends.insert(ends.end(), own.begin(), own.end());
  std::ranges::sort(ends, {}, &trace::SeenEnd::index);
  for (const trace::SeenEnd& end : ends)
    sightings.all.push_back({end.at, names(expected, to_string(end.fact->how)), end_text(*end.fact)});
  const bool may_stay_open = names(expected, "open");
  if (!may_stay_open) return sightings;
  // The first end decides; with none it stayed open, also when it had ended before `since`.
  if (sightings.all.empty()) return hold(question, {}, sightings.nothing);
  const Sighting& first = sightings.all.front();
  if (first.at < *question.since) return Answer{State::violated, first.seen + " before that", first.at, 0};
  if (first.at <= question.until && first.matches) return settle(question, sightings);
  return hold(question, Breach{first.at, first.seen}, sightings.nothing);
}

}  // namespace wsfault::verdict
