// Expectation `message`: it arrived at the party, which reported it where it reports messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/messages.hpp"
#include "verdict/expect/reading.hpp"
#include "verdict/expect/stays_away.hpp"

namespace wsfault::verdict {
namespace {

struct MessageExpected {
  std::optional<TextPattern> text;
  std::optional<std::string> bytes;         ///< of { hex = "…" }
  std::optional<Bound<std::int64_t>> size;  ///< of ">64KiB"
  std::optional<Bound<std::int64_t>> count;
};

constexpr std::string_view message_takes = R"(a text, a /regex/, { hex = "ff00" } or a size ">64KiB")";

std::optional<std::string> bytes_of_hex(std::string_view hex) {
  static constexpr std::string_view digits = "0123456789abcdef";
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char lower = hex[i] >= 'A' && hex[i] <= 'F' ? static_cast<char>(hex[i] - 'A' + 'a') : hex[i];
    const auto digit = digits.find(lower);
    if (digit == std::string_view::npos) return std::nullopt;
    if (i % 2 == 0) {
      bytes.push_back(static_cast<char>(digit << 4));
    } else {
      bytes.back() = static_cast<char>(bytes.back() | static_cast<char>(digit));
    }
  }
  return bytes;
}

/// As ">64XiB" does; "<3" and "> he said" are texts.
bool looks_like_a_size(const std::string& text) {
  static const Regex shape = *Regex::compile(R"(^[<>]=?\s*[0-9]+\s*[A-Za-z]*B$)");
  return shape.search(text);
}

/// ">64KiB" and its like, by the grammar of moments; none if the text is no size.
std::optional<Bound<std::int64_t>> size_bound(const std::string& text) {
  if (!text.starts_with('>') && !text.starts_with('<')) return std::nullopt;
  const Result<fault::Moment> moment = fault::parse_moment("message " + text);
  return moment && moment->kind == fault::Moment::Kind::message_size ? std::optional(moment->size)
                                                                     : std::nullopt;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

bool matches(const Message& message, const MessageExpected& expected) {
  const bool any = !expected.size && !expected.text && !expected.bytes;
  if (message.compressed) return any;
  if (expected.size && !expected.size->holds(static_cast<std::int64_t>(message.size))) return false;
  if (expected.text && !expected.text->matches(message.payload)) return false;
  // A report may spell bytes in hexadecimal.
  return !expected.bytes || message.payload == *expected.bytes ||
         (message.reported && message.payload == hex(*expected.bytes));
}

std::string describe(const Message& message) {
  constexpr std::size_t most = 40;
  const std::string_view payload = message.payload;
  const bool printable = std::ranges::all_of(payload, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
  const std::string_view got = message.reported ? "it reported" : "it got";
  if (message.compressed) return fmt::format("{} a compressed message", got);
  if (!printable || payload.size() > most)
    return fmt::format("{} a message of {}", got, format_size(message.size));
  return fmt::format("{} \"{}\"", got, payload);
}

std::string phrase(const MessageExpected& message) {
  std::string text = "gets a message";
  if (message.text) text += " " + pattern_text(*message.text);
  if (message.bytes) text += " of " + counted(message.bytes->size(), "stated byte");
  if (message.size) text += " of " + counted(*message.size, "byte");
  if (message.count) text += ", " + counted(*message.count, "time");
  return text;
}

/// The wire showed it whole, and it was not reported so; or a gateway did not pass it on.
Cause shown_by_absence(const Question& question, const MessageExpected& expected) {
  if (question.scenario.role == model::Role::gateway) return Cause::message_withheld;
  if (question.party != "sut" || !question.reports_itself()) return Cause::none;
  const auto arrived = messages_on_wire(question, record::Tap::arrived, opposite(question.seat.side));
  const bool came = std::ranges::any_of(arrived, [&](const Message& each) { return matches(each, expected); });
  return came ? Cause::message_misreported : Cause::none;
}

/// The client had not made the connection by then on which the message was to come.
bool lacks_the_connection(const Question& question) {
  if (question.scenario.role != model::Role::client) return false;
  const trace::Connection* it = question.trace.find(question.seat.link, question.seat.party, question.connection);
  return !it || (it->client.open() && it->client.opened_at() > question.latest);
}

Look look(const Question& question, const MessageExpected& expected) {
  Sightings sightings{.nothing = "no message came"};
  if (expected.count) sightings.count = *expected.count;
  std::size_t unread = 0;
  for (const Message& message : messages_received(question)) {
    if (message.connection != question.connection) continue;
    sightings.all.push_back({message.at, matches(message, expected), describe(message)});
    if (message.compressed && !sightings.all.back().matches) ++unread;
  }
  if (unread > 0) sightings.blind = record::unreadable(unread);
  sightings.none_shows =
      lacks_the_connection(question) ? why_it_stays_away(question) : shown_by_absence(question, expected);
  return sightings;
}

Nature nature_of(const MessageExpected& message) {
  const bool at_most = message.count && message.count->high;
  return {.lasting = at_most ? Lasting::must : Lasting::no,
          .may_be_never = !at_most,
          .takes_not_before = true,
          .reads_messages = true,
          .judged_by = {record::CutKind::messages, record::CutKind::payloads, record::CutKind::reports},
          .counts = message.count.has_value(),
          .shows = at_most ? Cause::none : Cause::application_silent};
}

Read read_message(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  MessageExpected message;
  message.count = table.count_bound("count");
  if (value.table()) {
    const Value* hex = value.find("hex");
    if (hex && hex->text() && value.table()->size() == 1) message.bytes = bytes_of_hex(*hex->text());
    if (message.bytes) return expected(message, nature_of(message));
  } else if (value.text()) {
    message.size = size_bound(*value.text());
    if (!message.size && looks_like_a_size(*value.text())) {
      table.error(value, fmt::format("\"{}\" is no size", *value.text()),
                  R"(a number of B, KiB or MiB: ">64KiB"; as a text it is a regex: "/^>9B$/")");
      return std::nullopt;
    }
    if (!message.size) message.text = pattern_of(table, key, value);
    return message.size || message.text ? Read(expected(message, nature_of(message))) : std::nullopt;
  }
  wrong(table, value, key, message_takes);
  return std::nullopt;
}

}  // namespace

ExpectationKind message_kind() {
  return {.key = "message",
          .value = R"(a text, /regex/, { hex = "…" }, ">64KiB")",
          .holds = "it arrived at `of`; `count` is a bound, and with an upper one it needs `for`",
          .read = read_message,
          .schema = schema::ref("bytes"),
          .narrowings = {{"count", schema::ref("bound"), "How many such messages"}}};
}

}  // namespace wsfault::verdict
