// Counts what was compressed as its sender sent it: there moments look.
#include "verdict/compressed.hpp"

#include <algorithm>

namespace wsfault::verdict {

std::string why_unread(const fault::Moment& moment, const std::vector<record::Event>& events) {
  using Kind = fault::Moment::Kind;
  if (moment.kind != Kind::message_text && moment.kind != Kind::message_size) return {};
  const auto compressed = std::ranges::count_if(events, [&](const record::Event& event) {
    const auto* message = std::get_if<record::MessageSeen>(&event.what);
    return message && message->compressed && message->tap == record::Tap::sent &&
           (!moment.from || message->from == *moment.from);
  });
  return compressed == 0 ? std::string() : record::unreadable(static_cast<std::size_t>(compressed));
}

}  // namespace wsfault::verdict
