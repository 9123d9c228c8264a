#include "trace/leg.hpp"

#include <algorithm>

namespace wsfault::trace {

Leg::Leg(const Connection& of, record::Side side, const record::Events& log)
    : of(&of),
      side(side),
      received(log),
      received_controls(log),
      violations(log),
      messages(log),
      sent(log),
      sent_controls(log),
      broke_itself(log),
      passed(log) {}

int Leg::number() const { return of->number; }
std::int64_t Leg::accepted() const { return of->accepted; }
std::size_t Leg::index() const { return of->index; }
const std::string& Leg::party() const { return of->party.str(); }
const Leg& Leg::peer() const { return side == record::Side::client ? of->server : of->client; }

bool Leg::open() const { return has_101() && answer->fact->flaws.empty() && !garbage; }

bool Leg::struck() const {
  return over() || garbage || tls_failure || !quiet.empty() || !violations.empty() || (answer && !open()) ||
         first_close;
}

std::optional<std::int64_t> Leg::cut_off() const {
  if (!own_end || own_first_close) return std::nullopt;
  return own_end->at;
}

std::int64_t Leg::last_arrival(std::int64_t at) const {
  std::int64_t last = accepted();
  if (interim && *interim < at) last = *interim;
  if (answer && answer->at < at) last = answer->at;
  const auto after =
      std::ranges::lower_bound(received, at, {}, [](const SeenFrame& frame) { return frame.at; });
  return after == received.begin() ? last : std::max(last, (after - 1)->at);
}

std::optional<std::int64_t> Leg::next_attempt() const {
  if (!of->next || number() == 0) return std::nullopt;
  return of->next->accepted;
}

Connection::Connection(const record::Where& where, std::int64_t accepted, std::size_t index,
                       const record::Events& log)
    : link(where.link),
      party(where.party),
      number(where.connection),
      accepted(accepted),
      index(index),
      client(*this, record::Side::client, log),
      server(*this, record::Side::server, log) {}

}  // namespace wsfault::trace
