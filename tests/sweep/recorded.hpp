// Literal logs of recorded sessions.
#pragma once

#include <string>

#include "record/event.hpp"
#include "sweep/session.hpp"

namespace wsfault::sweep::test {

using record::Tap;

/// The two heads, then frames.
class Recorded {
 public:
  Recorded() {
    add(record::Accepted{});
    add(record::RequestSeen{Tap::sent, {"GET", "/", 11, {}}, true, {}});  // "GET / HTTP/1.1\r\n\r\n"
    add(record::RequestSeen{Tap::arrived, {"GET", "/", 11, {}}, true, {}});
    add(record::ResponseSeen{Tap::sent, {101, "Up", 11, {}}, {}, false});  // "HTTP/1.1 101 Up\r\n\r\n"
    add(record::Opened{});
  }
  Recorded& frame(Side from, std::uint8_t opcode, std::uint64_t length) {
    record::FrameSeen frame;
    frame.from = from;
    frame.opcode = opcode;
    frame.length = length;
    frame.masked = from == Side::client;
    frame.number = ++frames_[from == Side::client ? 0 : 1];
    frame.of_kind = ++of_kind_;
    add(frame);
    frame.tap = Tap::arrived;
    return add(frame);
  }
  Recorded& add(record::What what, int connection = 1) {
    events_.push_back({0, {"link", "sut", connection}, std::move(what)});
    return *this;
  }
  Session session() const { return read_session(events_, "link", 1); }

 private:
  record::Events events_;
  std::uint64_t frames_[2] = {0, 0};
  std::uint32_t of_kind_ = 0;
};

inline constexpr std::uint64_t request_size = 18;
inline constexpr std::uint64_t answer_size = 19;

}  // namespace wsfault::sweep::test
