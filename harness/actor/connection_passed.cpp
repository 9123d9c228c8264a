// Waits until the other side has what one side wrote, so that a script's fault does not overtake its
// messages.
#include <algorithm>
#include <utility>

#include "actor/connection.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

/// Bytes that do not move for this long (nobody reads them, a fault keeps them) are not waited for.
constexpr Duration moves_within = std::chrono::seconds(2);

}  // namespace

/// If TLS passes through, the bytes of a script cannot be counted: then everything received must have been
/// taken.
bool Connection::has_taken(Side from, std::uint64_t bytes) {
  const Half& source = half(from);
  if (!setting_.tls.passthrough) return source.taken >= bytes;
  return source.taken == source.read && source.socket && source.socket->unread() == 0;
}

net::Task<void> Connection::passed(Side from, std::uint64_t bytes) {
  Half& source = half(from);
  Half& sink = half(wire::opposite(from));
  ++waiting_for_passage_;
  const auto moved = [&] { return std::pair(source.read, sink.outbox.written()); };
  auto before = moved();
  auto limit = Clock::now() + moves_within;
  while (!closing_ && !source.gone && !source.ended && !sink.gone && !has_taken(from, bytes)) {
    if (std::exchange(before, moved()) != before) limit = Clock::now() + moves_within;
    limit = std::max(limit, sink.outbox.last_due() + moves_within);
    if (Clock::now() >= limit) break;
    co_await changed_.wait_until(limit);
  }
  co_await sink.outbox.until_written(sink.outbox.pushed(), moves_within);
  if (!closing_ && sink.socket && !sink.gone) co_await sink.socket->drained(moves_within);
  source.lets_go = source.taken == bytes;
  --waiting_for_passage_;
  changed_.notify();
}

/// Forwards what was put aside, and the half unit that its script ended with. (Any violation in it is
/// recorded when the stream ends.)
void Connection::let_go(Side from) {
  Half& source = half(from);
  if (source.detached || source.swallowed || source.passes || transparent(from)) return;
  release_due(from, Clock::time_point::max());
  std::vector<record::What> recorded_at_the_end;
  const std::string rest = source.sent.at_end(recorded_at_the_end);
  if (!rest.empty()) half(wire::opposite(from)).outbox.push(rest, Clock::now(), {}, false);
}

}  // namespace wsfault::actor
