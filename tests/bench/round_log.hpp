// The log of a round, event by event; times in milliseconds from its start.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fault/catalogue.hpp"
#include "record/event.hpp"

namespace wsfault::bench {

class RoundLog {
 public:
  RoundLog& event(double ms, record::Where where, record::What what) {
    events_.push_back({static_cast<std::int64_t>(ms * 1e6), std::move(where), std::move(what)});
    return *this;
  }
  RoundLog& accepted(double ms, int connection) { return wire(ms, connection, record::Accepted{}); }
  RoundLog& answered(double ms, int connection, int status = 101) {
    record::ResponseSeen answer{.tap = record::Tap::arrived};
    answer.head->status = status;
    return wire(ms, connection, std::move(answer));
  }
  /// The whole message as its sender put it on the wire, without its frame.
  RoundLog& sent(double ms, int connection, record::Side from, const std::string& text) {
    return message(ms, connection, record::Tap::sent, from, text);
  }
  RoundLog& arrived(double ms, int connection, record::Side from, const std::string& text) {
    return message(ms, connection, record::Tap::arrived, from, text);
  }
  RoundLog& passed(double ms, int connection, record::Side from, const std::string& text) {
    return sent(ms, connection, from, text).arrived(ms, connection, from, text);
  }
  /// The moment `message N`: its frame's header was read.
  RoundLog& frame(double ms, int connection, std::uint64_t number) {
    return wire(
        ms, connection,
        record::FrameSeen{
            .from = record::Side::server, .number = number, .of_kind = static_cast<std::uint32_t>(number)});
  }
  RoundLog& fired(double ms, const std::string& name) {
    return wire(ms, 1, record::FaultFired{name, "reset", "RST to client"});
  }
  RoundLog& reset(double ms) {
    return wire(ms, 1, record::StreamEnded{.tap = record::Tap::arrived, .how = record::EndKind::reset});
  }
  RoundLog& report(double ms, const std::string& event) {
    return this->event(ms, {{}, "sut", 0}, record::Report{.event = event});
  }
  RoundLog& wire(double ms, int connection, record::What what) {
    return event(ms, {"link", "sut", connection}, std::move(what));
  }
  const record::Events& events() const { return events_; }

 private:
  RoundLog& message(double ms, int connection, record::Tap tap, record::Side from, const std::string& text) {
    return wire(ms, connection,
                record::MessageSeen{.tap = tap, .from = from, .size = text.size(), .payload = text});
  }

  record::Events events_;
};

}  // namespace wsfault::bench
