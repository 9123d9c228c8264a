#include "trace/leg.hpp"

#include <algorithm>
#include <chrono>

namespace wsfault::trace {

const Facts<record::FrameSeen>& Heartbeats::nothing() {
  static const record::Events log;
  static const Facts<record::FrameSeen> none(log);
  return none;
}

Heartbeats::Kept& Heartbeats::kept() {
  if (!kept_) kept_ = std::make_unique<Kept>(*log_);
  return *kept_;
}

Leg::Leg(const Connection& of, record::Side side, const record::Events& log)
    : of(&of),
      side(side),
      request(log),
      answer(log),
      request_body(log),
      answer_body(log),
      garbage(log),
      received(log),
      received_heartbeats(log),
      received_closes(log),
      violations(log),
      messages(log),
      ended(log),
      reset(log),
      tls_failure(log),
      garbled(log),
      sent(log),
      sent_heartbeats(log),
      sent_closes(log),
      broke_itself(log),
      passed(log),
      own_end(log) {}

int Leg::number() const { return of->number; }
std::int64_t Leg::accepted() const { return of->accepted; }
std::size_t Leg::index() const { return of->index; }
const std::string& Leg::party() const { return of->party.str(); }
const Reports& Leg::reports() const {
  static const Reports none;
  return side == record::Side::client && of->reports ? *of->reports : none;
}

const Leg& Leg::peer() const { return side == record::Side::client ? of->server : of->client; }

bool Leg::open() const { return has_101() && answer->fact->flaws->empty() && !garbage; }

bool Leg::struck() const {
  return over() || garbage || tls_failure || !quiet.empty() || !violations.empty() || (answer && !open()) ||
         !received_closes.empty();
}

std::string_view Leg::harm_on_the_way(std::int64_t until) const {
  if (messages_differ()) return "messages were changed on the way, or came in another order";
  if (awaits_message(until)) return "a message was lost or held on the way";
  return of->loses_packets(accepted(), until) ? "packets were being lost, and came late" : "";
}

bool Connection::loses_packets(std::int64_t from, std::int64_t until) const {
  const auto meets = [&](const Span& span) { return span.from < until && span.until.value_or(until) > from; };
  return lossy != nullptr && std::ranges::any_of(*lossy, meets);
}

bool same_message(const record::MessageSeen& one, const record::MessageSeen& other) {
  return one.opcode == other.opcode && one.size == other.size && one.payload == other.payload;
}

std::int64_t Leg::sound_until() const {
  std::int64_t until = INT64_MAX;
  const auto ends = [&](const auto& seen) {
    if (seen) until = std::min(until, seen->at);
  };
  ends(own_close());
  ends(peer_close());
  ends(own_end);
  ends(ended);
  if (!quiet.empty()) until = std::min(until, quiet.front().from);
  if (!violations.empty()) until = std::min(until, violations.front().at);
  return until;
}

bool Leg::has_compressed_messages() const {
  const auto marked = [](const SeenMessage& message) { return message.fact->compressed; };
  return std::ranges::any_of(messages, marked) || std::ranges::any_of(passed, marked);
}

const Quiet* Leg::unseen_quiet() const {
  const auto found = std::ranges::find_if(quiet, &Quiet::unseen);
  return found == quiet.end() ? nullptr : &*found;
}

bool Leg::sends_no_pings() const { return sent_heartbeats.pings().empty() && unseen_quiet() == nullptr; }

bool Leg::messages_differ() const {
  const Facts<record::MessageSeen>& sent_to_it = peer().passed;
  if (messages.size() > sent_to_it.size()) return false;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!same_message(*sent_to_it[i].fact, *messages[i].fact)) return true;
  }
  return false;
}

bool Leg::awaits_message(std::int64_t until) const {
  constexpr std::int64_t long_enough = Duration(std::chrono::seconds(1)).count();
  const auto before = [](const Facts<record::MessageSeen>& all, std::int64_t at) {
    return std::ranges::upper_bound(all, at, {}, &SeenMessage::at) - all.begin();
  };
  return before(peer().passed, until - long_enough) > before(messages, until);
}

std::optional<SeenFrame> Leg::own_close() const {
  if (sent_closes.empty()) return std::nullopt;
  return sent_closes.front();
}

std::optional<SeenFrame> Leg::peer_close() const {
  if (received_closes.empty()) return std::nullopt;
  return received_closes.front();
}

std::optional<SeenFrame> Leg::unanswered_ping(std::int64_t until) const {
  if (!answers) return std::nullopt;
  const auto in_time = std::ranges::lower_bound(answers->at, until) - answers->at.begin();
  const auto& pings = sent_heartbeats.pings();
  if (static_cast<std::size_t>(in_time) == pings.size()) return std::nullopt;
  const SeenFrame first = pings[static_cast<std::size_t>(in_time)];
  return first.at < until ? std::optional(first) : std::nullopt;
}

std::optional<std::int64_t> Leg::cut_off() const {
  if (!own_end || own_close()) return std::nullopt;
  return own_end->at;
}

std::int64_t Leg::last_arrival(std::int64_t at) const {
  std::int64_t last = accepted();
  if (interim && *interim < at) last = *interim;
  if (answer && answer->at < at) last = answer->at;
  if (garbage && garbage->at < at) last = std::max(last, garbage->at);
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
      attempted(accepted),
      index(index),
      client(*this, record::Side::client, log),
      server(*this, record::Side::server, log) {}

}  // namespace wsfault::trace
