// Expectation `message`: it arrived at the party, which reported it where it reports messages.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/expect/kinds.hpp"
#include "verdict/expect/messages.hpp"

namespace wsfault::verdict {
namespace {

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

}  // namespace

std::vector<Message> messages_received(const Question& question) {
  std::vector<Message> reported;
  if (question.reports_itself()) {
    for (const trace::Leg& connection : trace::view(question.trace, question.seat).connections()) {
      for (const trace::SeenReport& told : connection.reports().messages) {
        reported.push_back(
            {told.at, connection.number(), told.fact->text, told.fact->text.size(), true, false});
      }
    }
    std::ranges::stable_sort(reported, {}, &Message::at);
  }
  return reported.empty() ? messages_on_wire(question, record::Tap::arrived, opposite(question.seat.side))
                          : reported;
}

std::vector<Message> messages_on_wire(const Question& question, record::Tap tap, record::Side from) {
  std::vector<trace::SeenMessage> seen;
  for (const trace::Connection& each : question.trace.connections()) {
    if (!question.is_mine({each.link, each.party, each.number})) continue;
    const trace::Leg& leg = each.leg(tap == record::Tap::sent ? from : opposite(from));
    const auto& messages = tap == record::Tap::sent ? leg.passed : leg.messages;
    seen.insert(seen.end(), messages.begin(), messages.end());
  }
  std::ranges::sort(seen, {}, &trace::SeenMessage::index);
  std::vector<Message> found;
  for (const trace::SeenMessage& each : seen) {
    const record::MessageSeen& message = *each.fact;
    found.push_back({each.at, question.trace.where(each.index).connection, message.payload, message.size,
                     false, message.compressed});
  }
  return found;
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
  return sightings;
}

}  // namespace wsfault::verdict
