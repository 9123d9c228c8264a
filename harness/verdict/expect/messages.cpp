#include "verdict/expect/messages.hpp"

#include <algorithm>

namespace wsfault::verdict {

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

}  // namespace wsfault::verdict
