// Reads one event into a trace.
#pragma once

#include "trace/trace.hpp"

namespace wsfault::trace {

class Reader {
 public:
  Reader(Trace& trace, const record::Event& event, std::size_t index)
      : trace_(trace), event_(event), where_(event.where), at_(event.at), index_(index) {}

  void take();

 private:
  void see(const auto&) {}
  void note_few();
  void see(const record::Ready&);
  void see(const record::RunEnded& ended);
  void see(const record::Accepted& accepted);
  void see(const record::Dialled&);
  void see(const record::Opened&);
  void see(const record::DialFailed&);
  void see(const record::ScriptDone&);
  void see(const record::ScriptFailed&);
  void see(const record::ScriptAwaits& awaits);
  void see(const record::TlsHandshake& handshake);
  void see(const record::RequestSeen& request);
  void see(const record::ResponseSeen& response);
  void see(const record::BodySeen& body);
  void see(const record::NotHttp& bytes);
  void see(const record::FrameSeen& frame);
  void see(const record::MessageSeen& message);
  void see(const record::ViolationSeen& violation);
  void see(const record::StreamEnded& end);
  void see(const record::LinkEffect& effect);
  void see(const record::AttemptRefused&) { ++trace_.common_changes_; }  // who waits for it is not told by it
  void see(const record::AttemptUnanswered& attempt);
  std::int64_t began(const record::AttemptUnanswered& attempt);
  void see(const record::ProcessChanged& process);
  void see(const record::OutputLine& output);
  void see(const record::Report& report);

  template <typename T>
  Seen<T> seen(const T& fact) const {
    return {at_, index_, &fact};
  }
  void note_link();
  void touch(Connection& connection);
  /// The connection of this event; null if the event names no known one.
  Connection* current();
  Caller& caller(record::Name link, record::Name party);
  record::Name party() const;
  Connection& make_refused(Caller& caller, std::size_t since);
  Connection& unseen(Caller& caller);
  void refuse(const record::LinkEffect& effect);
  static void note_nobody(Connection& nobody, const Refusal& refusal);
  void accept_again(std::optional<int> address);
  std::int64_t attempted(const record::Accepted& accepted);
  bool repeats_a_key(Connection& connection, const record::RequestSeen& request);
  static bool has_answered_a_close(const Leg& leg);
  void note_control(Leg& leg, const record::FrameSeen& frame, bool own);
  void note_answer(Leg& leg, const record::FrameSeen& pong) const;
  void begin_reports(Caller& owner);
  void note_open(Connection& connection);
  void note_plain(Connection& connection);
  Connection& begin_plain();
  /// Calls `each` for the connections that an effect strikes: the one that it names, or all of the link.
  template <typename F>
  void for_concerned(F each);
  void add_quiet(Connection& connection, record::LinkEffectKind kind, bool to_server);
  void resume(Leg& leg) const;
  /// Is `party`'s process the peer that the clients of a link talk to?
  bool is_peer_on(record::Name party, const Caller& caller) const;
  void close_span(Span& span) const {
    if (!span.until) span.until = at_;
  }

  Trace& trace_;
  const record::Event& event_;
  const record::Where& where_;
  std::int64_t at_;
  std::size_t index_;
};

}  // namespace wsfault::trace
