#include "trace/reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsfault::trace {
namespace {

using record::LinkEffectKind;
using record::Side;
using record::Tap;

}  // namespace

void Reader::take() {
  note_link();
  note_few();
  std::visit([this](const auto& fact) { see(fact); }, event_.what);
}

void Reader::touch(Connection& connection) {
  if (std::exchange(connection.changed_in, trace_.batch_) != trace_.batch_)
    trace_.changes_.push_back(&connection);
}

void Reader::note_few() {
  const auto note = [this]<typename T>(Facts<T>& facts) {
    if (std::holds_alternative<T>(event_.what)) facts.push_back(index_);
  };
  std::apply([&](auto&... facts) { (note(facts), ...); }, trace_.few_);
}

void Reader::note_link() {
  if (where_.link.empty() || !trace_.known_links_.insert(where_.link.id()).second) return;
  trace_.links_.push_back(where_.link);
}

/// An event without a party concerns the system under test if that is the one that connects.
record::Name Reader::party() const {
  static const record::Name sut = "sut";
  return where_.party.empty() ? sut : where_.party;
}

Connection* Reader::current() {
  if (where_.connection == 0 || where_.link.empty()) return nullptr;
  const auto found = trace_.latest_.find({where_.link.id(), party().id(), where_.connection});
  if (found == trace_.latest_.end()) return nullptr;
  touch(*found->second);
  return found->second;
}

Caller& Reader::caller(record::Name link, record::Name party) {
  Caller*& known = trace_.caller_of_[{link.id(), party.id()}];
  if (known) return *known;
  known = &trace_.callers_.emplace_back(link, party);
  const auto refused = trace_.refused_since_.find(link.id());
  if (refused != trace_.refused_since_.end()) {
    note_nobody(make_refused(*known, refused->second), trace_.refusals(link).front());
  }
  known->peer_frozen_ = std::ranges::any_of(trace_.processes_, [&](const auto& process) {
    return process.second.stands_still() && is_peer_on(process.second.party, *known);
  });
  return *known;
}

/// The caller's number 0, beginning with the event of that index.
Connection& Reader::make_refused(Caller& caller, std::size_t since) {
  if (!caller.refused_) {
    const record::Event& event = (*trace_.log_)[since];
    caller.refused_ = &trace_.refused_.emplace_back(record::Where{caller.link, caller.party, 0}, event.at,
                                                    since, *trace_.log_);
  }
  caller.refused_->lossy = &trace_.lossy_[caller.link.id()];
  touch(*caller.refused_);
  return *caller.refused_;
}

/// The event's connection, which no link has seen.
Connection& Reader::unseen(Caller& caller) {
  Connection*& known = caller.unseen_[where_.connection];
  if (known) return *known;
  known = &trace_.refused_.emplace_back(record::Where{caller.link, caller.party, where_.connection}, at_,
                                        index_, *trace_.log_);
  known->lossy = &trace_.lossy_[caller.link.id()];
  return *known;
}

void Reader::note_open(Connection& connection) {
  Caller& owner = caller(connection.link, connection.party);
  if (!owner.any_report) return;
  if (connection.plain || !connection.client.open()) {
    owner.open_.erase(connection.index);
    owner.open_unreported_.erase(connection.index);
    return;
  }
  owner.open_[connection.index] = &connection;
  if (connection.client.reports().opens.empty()) owner.open_unreported_[connection.index] = &connection;
}

/// Plain HTTP in addition to the socket is not an attempt, and its number may be reused.
void Reader::note_plain(Connection& connection) {
  connection.plain = true;
  Caller& owner = caller(connection.link, connection.party);
  auto& attempts = owner.attempts_;
  const auto place = std::find(attempts.rbegin(), attempts.rend(), &connection);
  if (place == attempts.rend()) return;
  const auto next = attempts.erase(std::next(place).base());
  if (next != attempts.begin()) (*std::prev(next))->next = next == attempts.end() ? nullptr : *next;
  for (auto* of_its_kind :
       {&owner.open_, &owner.open_unreported_, &owner.unopened_, &owner.unclosed_, &owner.closed_}) {
    of_its_kind->erase(connection.index);
  }
}

// --- the run and scripts

void Reader::see(const record::Ready&) {
  if (!trace_.ready_) trace_.ready_ = at_;
  ++trace_.common_changes_;
}
void Reader::see(const record::RunEnded& ended) { trace_.ending_ = &ended; }

void Reader::see(const record::ScriptDone&) {
  if (Connection* connection = current()) connection->script_over = true;
}
void Reader::see(const record::ScriptFailed&) {
  if (Connection* connection = current()) connection->script_over = true;
}
void Reader::see(const record::ScriptAwaits& awaits) {
  if (Connection* connection = current()) connection->awaits = awaits.step;
}

// --- connections

void Reader::see(const record::Accepted& accepted) {
  Caller& owner = caller(where_.link, party());
  Connection& connection = trace_.connections_.emplace_back(
      record::Where{where_.link, party(), where_.connection}, at_ - accepted.waited, index_, *trace_.log_);
  connection.attempted = attempted(accepted);
  connection.lossy = &trace_.lossy_[where_.link.id()];
  touch(connection);
  if (owner.refused_)
    touch(*owner.refused_);  // what is owed for it depends on whether its party is connected
  trace_.latest_[{where_.link.id(), party().id(), where_.connection}] = &connection;
  if (owner.peer_frozen_) add_quiet(connection, LinkEffectKind::silence, false);
  if (!owner.attempts_.empty()) {
    owner.attempts_.back()->next = &connection;
    touch(*owner.attempts_.back());
  }
  owner.attempts_.push_back(&connection);
  if (!owner.any_report) return;
  owner.unopened_[index_] = &connection;
  owner.unclosed_[index_] = &connection;
}

void Reader::see(const record::Dialled&) {
  if (Connection* connection = current()) connection->dialled = at_;
}
void Reader::see(const record::Opened&) {
  if (Connection* connection = current()) connection->opened = index_;
}
void Reader::see(const record::DialFailed&) {
  if (Connection* connection = current()) connection->unreachable = at_;
}

void Reader::see(const record::TlsHandshake& handshake) {
  if (Connection* connection = current())
    connection->leg(handshake.side).tls_unmet = !handshake.error.empty();
}

void Reader::see(const record::StreamEnded& end) {
  Connection* connection = current();
  if (!connection) return;
  Leg& leg = connection->leg(end.side);
  (end.tap == Tap::sent ? leg.own_end : leg.ended).set_first(index_);
  if (end.tap == Tap::arrived && end.how != record::EndKind::fin) leg.reset.set_first(index_);
}

// --- the handshake

/// The log has nothing of it before its request.
Connection& Reader::begin_plain() {
  Connection& connection = trace_.connections_.emplace_back(record::Where{where_.link, party(), where_.connection},
                                                            at_, index_, *trace_.log_);
  connection.plain = true;
  touch(connection);
  trace_.latest_[{where_.link.id(), party().id(), where_.connection}] = &connection;
  return connection;
}

/// Any earlier request of that party had the same Sec-WebSocket-Key.
bool Reader::repeats_a_key(Connection& connection, const record::RequestSeen& request) {
  const auto key = wire::find_header(request.head->headers, "Sec-WebSocket-Key");
  if (!key) return false;
  connection.same_key = std::exchange(trace_.keys_[{party().id(), std::string(*key)}], &connection);
  return connection.same_key != nullptr;
}

void Reader::see(const record::RequestSeen& request) {
  Connection* connection = current();
  if (!connection && where_.connection < 0 && request.tap == Tap::sent) connection = &begin_plain();
  if (!connection) return;
  Leg& leg = connection->leg(request.tap == Tap::sent ? Side::client : Side::server);
  leg.request.set_first(index_);
  if (request.tap != Tap::sent) return;
  if (request.upgrade && (!request.flaws->empty() || repeats_a_key(*connection, request)))
    trace_.unsound_.push_back(index_);
  const auto key = wire::find_header(request.head->headers, connection_header);
  connection->key = key ? std::string(*key) : std::string();
  if (!request.upgrade && !connection->plain) note_plain(*connection);
}

void Reader::see(const record::ResponseSeen& response) {
  Connection* connection = current();
  if (!connection) return;
  Leg& leg = connection->leg(response.tap == Tap::sent ? Side::server : Side::client);
  if (response.tap == Tap::sent && !response.flaws->empty()) trace_.unsound_.push_back(index_);
  if (leg.answer) return;
  if (wire::is_interim(response.head->status)) {
    leg.interim = at_;
    return;
  }
  leg.answer.set(index_);
  if (leg.side == Side::client) note_open(*connection);
}

void Reader::see(const record::BodySeen& body) {
  Connection* connection = current();
  if (!connection) return;
  Leg& leg = connection->leg(body.tap == Tap::sent ? body.from : wire::opposite(body.from));
  (body.from == Side::client ? leg.request_body : leg.answer_body).set_first(index_);
}

void Reader::see(const record::NotHttp& bytes) {
  Connection* connection = current();
  if (!connection) return;
  if (bytes.tap == Tap::sent) {
    trace_.unsound_.push_back(index_);
    connection->leg(bytes.from).garbled.set_first(index_);
  } else {
    connection->leg(wire::opposite(bytes.from)).garbage.set_first(index_);
    note_open(*connection);
  }
}

// --- frames

void Reader::see(const record::FrameSeen& frame) {
  Connection* connection = current();
  if (!connection) return;
  const bool own = frame.tap == Tap::sent;
  Leg& leg = connection->leg(own ? frame.from : wire::opposite(frame.from));
  (own ? leg.sent : leg.received).push_back(index_);
  if (wire::is_control(frame.opcode)) {
    note_control(leg, frame, own);
  } else if (!own) {
    leg.last_data = index_;
  }
}

/// RFC 6455 5.5.1: both Closes are said, and it knows, for its own is the second.
bool Reader::has_answered_a_close(const Leg& leg) {
  return !leg.sent_closes.empty() && !leg.received_closes.empty() &&
         leg.received_closes.front().index < leg.sent_closes.front().index;
}

void Reader::note_control(Leg& leg, const record::FrameSeen& frame, bool own) {
  Heartbeats& heartbeats = own ? leg.sent_heartbeats : leg.received_heartbeats;
  const auto opcode = static_cast<wire::Opcode>(frame.opcode);
  if (opcode == wire::Opcode::close) (own ? leg.sent_closes : leg.received_closes).push_back(index_);
  if (opcode == wire::Opcode::ping) {
    if (own && has_answered_a_close(leg)) trace_.unsound_.push_back(index_);
    if (own && !leg.answers) leg.answers = std::make_unique<Leg::Answers>();
    if (own) leg.answers->asked[frame.text.str()] = heartbeats.pings().size();
    heartbeats.add_ping(index_);
  }
  if (opcode != wire::Opcode::pong) return;
  heartbeats.add_pong(index_);
  if (!own && leg.answers) note_answer(leg, frame);
}

void Reader::note_answer(Leg& leg, const record::FrameSeen& pong) const {
  auto& [answered, asked] = *leg.answers;
  const auto ping = asked.find(pong.text.str());
  if (ping == asked.end()) return;
  const std::size_t last = ping->second;
  for (std::size_t place = answered.size(); place <= last; ++place) {
    const auto same = asked.find(leg.sent_heartbeats.pings()[place].fact->text.str());
    if (same != asked.end() && same->second <= last) asked.erase(same);
    answered.push_back(at_);
  }
}

void Reader::see(const record::MessageSeen& message) {
  const bool own = message.tap == Tap::sent;
  if (own && message.compressed) ++trace_.compressed_[message.from == Side::client ? 0 : 1];
  Connection* connection = current();
  if (!connection) return;
  Leg& leg = connection->leg(own ? message.from : wire::opposite(message.from));
  (own ? leg.passed : leg.messages).push_back(index_);
}

void Reader::see(const record::ViolationSeen& violation) {
  Connection* connection = current();
  if (!connection) return;
  const bool own = violation.tap == Tap::sent;
  Leg& leg = connection->leg(own ? violation.from : wire::opposite(violation.from));
  if (own) trace_.unsound_.push_back(index_);
  (own ? leg.broke_itself : leg.violations).push_back(index_);
}

}  // namespace wsfault::trace
