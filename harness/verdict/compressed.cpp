// Counts what was compressed as its sender sent it: there moments look.
#include "verdict/compressed.hpp"

#include <algorithm>

namespace wsfault::verdict {

std::string why_unread(const fault::Moment& moment, const trace::Trace& trace) {
  using Kind = fault::Moment::Kind;
  if (moment.kind != Kind::message_text && moment.kind != Kind::message_size) return {};
  std::size_t compressed = 0;
  for (const record::Side side : {record::Side::client, record::Side::server}) {
    if (moment.from.value_or(side) == side) compressed += trace.compressed(side);
  }
  return compressed == 0 ? std::string() : record::unreadable(compressed);
}

}  // namespace wsfault::verdict
