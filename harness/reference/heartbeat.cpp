// The heartbeat of a connection: a ping each interval, each with a time limit for its own pong.
#include <algorithm>
#include <utility>

#include "reference/connection.hpp"
#include "reference/idle.hpp"

namespace wsfault::reference {
net::Task<Ending> Connection::keep_alive() {
  if (!traits_.heartbeat) co_return co_await stopped();
  auto next_ping = Clock::now() + *traits_.heartbeat;
  for (;;) {
    const auto wake = unanswered_.empty() ? next_ping : std::min(next_ping, unanswered_.front().deadline);
    co_await net::sleep_for(wake - Clock::now());
    if (traits_.turn != nullptr) co_await traits_.turn->free();
    const auto now = Clock::now();
    if (now - wake > stopped_for) forgive(now - wake);
    if (is_overdue(now)) break;
    if (now < next_ping) continue;
    ping();
    next_ping = std::max(next_ping, now - stopped_for) + *traits_.heartbeat;
  }
  Ending ending;
  ending.cause = EndCause::heartbeat_lost;
  co_return ending;
}

void Connection::ping() {
  const std::string payload = "heartbeat " + std::to_string(++pings_);
  send(wire::Opcode::ping, payload);
  if (!traits_.heartbeat_timeout || !traits_.notices_end) return;
  unanswered_.push_back({payload, Clock::now() + *traits_.heartbeat_timeout});
}

/// RFC 6455 5.5.3: an endpoint may answer only the last of several pings; a pong that answers no ping is
/// allowed.
void Connection::take_pong(std::string_view payload) {
  const auto answered = std::ranges::find(unanswered_, payload, &Ping::payload);
  if (answered != unanswered_.end()) unanswered_.erase(unanswered_.begin(), answered + 1);
}

void Connection::answer_ping(std::string payload) {
  if (!traits_.pong_delay) return send(wire::Opcode::pong, payload);
  owed_.push_back({std::move(payload), Clock::now() + *traits_.pong_delay});
  owed_changed_.notify();
}

net::Task<Ending> Connection::pong_late() {
  for (;;) {
    while (owed_.empty()) co_await owed_changed_.wait();
    co_await net::sleep_for(owed_.front().deadline - Clock::now());
    send(wire::Opcode::pong, owed_.front().payload);
    owed_.pop_front();
  }
}

void Connection::forgive(Duration late) {
  for (Ping& ping : unanswered_) ping.deadline += late + stopped_for;  // and time to read what has arrived
}

bool Connection::is_overdue(Clock::time_point now) const {
  if (!traits_.bounds_backlog && outbox_.backlog() > 0) return false;
  return !unanswered_.empty() && unanswered_.front().deadline <= now;
}

}  // namespace wsfault::reference
