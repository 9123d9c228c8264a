// Expectation `delivery`: of numbered messages none was lost, none came twice.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/messages.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct DeliveryExpected {
  enum class Kind { at_least_once, at_most_once, exactly_once } kind = Kind::exactly_once;
  std::optional<Regex> seq;  ///< finds the number; default: of ${seq}
};

std::optional<std::int64_t> number_in(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(number)
                                                                        : std::nullopt;
}

/// The last number in the text: where ${seq} mostly stands.
std::optional<std::int64_t> last_number(std::string_view text) {
  static constexpr std::string_view digits = "0123456789";
  const auto last = text.find_last_of(digits);
  if (last == std::string_view::npos) return std::nullopt;
  const auto before = text.find_last_not_of(digits, last);
  const auto first = before == std::string_view::npos ? 0 : before + 1;
  return number_in(text.substr(first, last - first + 1));
}

std::optional<std::int64_t> sequence_number(const Message& message, const DeliveryExpected& expected) {
  if (message.compressed) return std::nullopt;
  if (!expected.seq) return last_number(message.payload);
  const auto group = expected.seq->first_group(message.payload);
  return group ? number_in(*group) : std::nullopt;
}

/// Without `seq`, an echo of what the receiver sent carries the receiver's number: as many of a text as it had sent are
/// echoes. Where both sides say the same of their own, nobody knows whose it was that is missing.
class Echoes {
 public:
  Echoes(const Question& question, const DeliveryExpected& expected) {
    if (expected.seq) return;
    for (const Message& message : messages_on_wire(question, record::Tap::sent, question.seat.side)) {
      if (!message.compressed) ++left_[message.payload];
    }
  }
  /// It is one; each is taken once.
  bool take(const Message& message) {
    if (message.compressed) return false;
    const auto left = left_.find(message.payload);
    if (left == left_.end() || left->second == 0) return false;
    --left->second;
    return true;
  }

 private:
  std::map<std::string_view, int> left_;
};

/// What was sent just before the end may still be on its way then.
constexpr Duration on_its_way = std::chrono::seconds(1);

struct Tally {
  std::map<std::int64_t, int> received;       ///< number → how often, until all that was sent must be there
  std::map<std::int64_t, std::int64_t> sent;  ///< number → when, the last time
  std::optional<Breach> first_repeat;
  std::set<std::int64_t> numbers;  ///< sent or received
  std::set<std::int64_t> echoed;   ///< of echoes
  std::size_t unread = 0;          ///< compressed: sent, or received where its receiver reports none
};

Tally count(const Question& question, const DeliveryExpected& expected) {
  const Echoes echoes(question, expected);
  Tally tally;
  Echoes of_sent = echoes;
  for (const Message& message : messages_on_wire(question, record::Tap::sent, opposite(question.seat.side))) {
    if (message.at > question.until) continue;
    if (message.compressed) ++tally.unread;
    const auto number = sequence_number(message, expected);
    if (of_sent.take(message)) {
      if (number) tally.echoed.insert(*number);
      continue;
    }
    if (!number) continue;
    tally.numbers.insert(*number);
    tally.sent[*number] = message.at;
  }
  Echoes of_received = echoes;
  for (const Message& message : messages_received(question)) {
    if (message.at > question.until + on_its_way.count() || of_received.take(message)) continue;
    const auto number = sequence_number(message, expected);
    if (!number) continue;
    if (message.at <= question.until) tally.numbers.insert(*number);
    if (++tally.received[*number] == 2 && message.at <= question.until && !tally.first_repeat) {
      tally.first_repeat = Breach{message.at, fmt::format("number {} came twice,", *number)};
    }
  }
  return tally;
}

/// ${seq} counts from 1; the sut's own numbers from wherever they begin.
std::vector<std::int64_t> lost(const Tally& tally, const DeliveryExpected& expected) {
  constexpr std::size_t enough = 1000;
  std::vector<std::int64_t> missing;
  if (tally.numbers.empty()) return missing;
  const std::int64_t first =
      expected.seq ? *tally.numbers.begin() : std::min<std::int64_t>(1, *tally.numbers.begin());
  for (std::int64_t number = first; number <= *tally.numbers.rbegin() && missing.size() < enough; ++number) {
    const bool is_anothers = tally.echoed.contains(number) && !tally.sent.contains(number);
    if (!tally.received.contains(number) && !is_anothers) missing.push_back(number);
  }
  return missing;
}

/// All that is missing was sent so late that it may yet come.
bool may_come(const Question& question, const Tally& tally, const std::vector<std::int64_t>& missing) {
  return question.now <= question.until + on_its_way.count() && !question.over &&
         std::ranges::all_of(missing, [&](std::int64_t number) {
           const auto sent = tally.sent.find(number);
           return sent != tally.sent.end() && sent->second > question.until - on_its_way.count();
         });
}

std::string list_of(const std::vector<std::int64_t>& numbers) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, numbers.size()); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
  }
  return numbers.size() > most ? text + " …" : text;
}

std::string phrase(const DeliveryExpected& delivery) {
  switch (delivery.kind) {
    case DeliveryExpected::Kind::at_least_once:
      return "gets every numbered message at least once";
    case DeliveryExpected::Kind::at_most_once:
      return "gets no numbered message twice";
    case DeliveryExpected::Kind::exactly_once:
      return "gets every numbered message exactly once";
  }
  return {};
}

Look look(const Question& question, const DeliveryExpected& expected) {
  using Kind = DeliveryExpected::Kind;
  if (question.scenario.role == model::Role::client && question.scenario.instances() > 1)
    return of_one_of_many(question, "each of them numbers its messages for itself");
  const Tally tally = count(question, expected);
  if (expected.kind != Kind::at_least_once && tally.first_repeat) {
    const Breach& repeat = *tally.first_repeat;
    return Answer{State::violated, fmt::format("{} {}", repeat.seen, relative(question, repeat.at)),
                  repeat.at, 0};
  }
  const auto missing = lost(tally, expected);
  if (question.now > question.until) {
    if (tally.unread > 0) return Answer{State::inconclusive, record::unreadable(tally.unread), {}, 0};
    if (tally.numbers.empty()) return Answer{State::inconclusive, "no message carried a number", {}, 0};
    if (expected.kind != Kind::at_most_once && !missing.empty()) {
      const std::string numbers = fmt::format("number {} of {}", list_of(missing), *tally.numbers.rbegin());
      if (may_come(question, tally, missing)) {
        return Answer{
            State::pending, numbers + " is on its way", {}, question.until + on_its_way.count() + 1};
      }
      return Answer{State::violated, "lost: " + numbers, {}, 0};
    }
  }
  return hold(question, {}, "it got " + counted(tally.received.size(), "numbered message"));
}

const Nature nature_of_a_delivery{
    .lasting = Lasting::must,
    .reads_messages = true,
    .judged_by = {record::CutKind::messages, record::CutKind::payloads, record::CutKind::reports},
    .shows = Cause::messages_lost};

Read read_delivery(TableReader& table, std::string_view key) {
  DeliveryExpected delivery;
  if (const Value* seq = table.raw("seq")) {
    if (!is_regex(*seq)) {
      wrong(table, *seq, "seq", R"(a /regex/ whose group is the number: "/id=(\\d+)/")");
    } else if (auto regex =
                   Regex::compile(std::string_view(*seq->text()).substr(1, seq->text()->size() - 2))) {
      delivery.seq = *regex;
      if (!regex->has_group())
        table.error(*seq, "this regex has no group, which is the number", R"("/id=(\\d+)/")");
    } else {
      table.error(*seq, regex.error());
    }
  }
  const auto name = table.one_of(key, {"at-least-once", "at-most-once", "exactly-once"});
  if (!name) return std::nullopt;
  using enum DeliveryExpected::Kind;
  delivery.kind = *name == "at-least-once"  ? at_least_once
                  : *name == "at-most-once" ? at_most_once
                                            : exactly_once;
  return expected(delivery, nature_of_a_delivery);
}

}  // namespace

ExpectationKind delivery_kind() {
  return {.key = "delivery",
          .value = R"("at-least-once", "at-most-once", "exactly-once")",
          .holds =
              "of messages that carry ${seq}, at the party that receives them; `seq` finds the number in the "
              "sut's "
              "own",
          .read = read_delivery,
          .schema = schema::or_variable(schema::one_of({"at-least-once", "at-most-once", "exactly-once"})),
          .narrowings = {{"seq", regex_schema(), "Finds the number in the system's own messages"}},
          .needs_for = true};
}

}  // namespace wsfault::verdict
