// One open WebSocket connection over TCP, seen from either side: frames both ways, the heartbeat, and how it
// ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "reference/backoff.hpp"
#include "reference/inbox.hpp"
#include "reference/outbox.hpp"
#include "reference/stop_signal.hpp"
#include "reference/turn.hpp"
#include "value/units.hpp"
#include "wire/frame.hpp"
#include "wire/side.hpp"

namespace wsfault::reference {

/// Limits of a connection; none: it has no such limit.
struct ConnectionTraits {
  std::optional<Duration> heartbeat;          ///< from ping to ping
  std::optional<Duration> heartbeat_timeout;  ///< from a ping to its pong
  std::optional<Duration> close_limit;        ///< for the whole closing handshake, the end of TCP included
  std::optional<Duration> write_limit;        ///< for a peer that does not read what is written to it
  std::optional<std::uint64_t> max_message = largest_message;  ///< bytes
  Tolerance tolerance;
  bool answers_pings = true;
  bool answers_with_other_data = false;  ///< of its pongs
  std::optional<Duration> pong_delay;    ///< none: it answers at once
  bool same_mask = false;                ///< of all its frames
  bool begins_after_close = false;       ///< one more frame
  bool resets_who_does_not_read = true;  ///< false: close(), whose FIN waits behind what was not read
  bool notices_end = true;            ///< of the stream, and of pongs
  bool notices_end_in_length = true;  ///< the same, where it comes inside the length of a frame
  bool bounds_backlog =
      true;  ///< reads no faster than its peer; false: then it does not wait for its pongs either
  Pieces pieces = Pieces::messages;
  Turn* turn = nullptr;  ///< of a program that handles one connection at a time
};

/// What ended a conversation.
enum class EndCause : std::uint8_t {
  close_received,
  stream_ended,
  violation,
  too_big,
  heartbeat_lost,
  not_read,
  stopped
};

struct Ending {
  EndCause cause = EndCause::stream_ended;
  std::optional<std::uint16_t> close_code;   ///< of `close_received`; none for an empty Close
  std::string reason;                        ///< of `close_received`
  std::optional<wire::Violation> violation;  ///< of `violation`
};

/// Reads on and drops all input until the stream ends: a close with unread input would be an RST.
net::Task<void> read_to_end(net::Socket& socket);

/// Use: run `write_all()` concurrently; call `converse()`, then `answer()`, then `end_tcp()`.
class Connection {
 public:
  using MessageHandler = std::function<void(const Incoming& message)>;

  /// `first_bytes` came together with the handshake. `random` makes the masking keys and must outlive this.
  Connection(net::Socket socket, wire::Side own_side, const ConnectionTraits& traits, Random& random,
             StopSignal& stop, std::string first_bytes, MessageHandler on_message);

  net::Task<void> write_all() { return outbox_.write_all(socket_); }
  void send_text(std::string_view text) { send(wire::Opcode::text, text); }
  void send_binary(std::string_view bytes) { send(wire::Opcode::binary, bytes); }
  /// Sends a data frame that another connection handed over, masked anew.
  void pass_on(const Incoming& frame);
  /// From now on it reads no faster than `other` accepts what is passed on to it.
  void feed(Connection& other) { fed_ = &other.outbox_; }

  /// Hands over messages, answers pings and keeps the heartbeat until the conversation ends.
  net::Task<Ending> converse();
  /// Sends its own Close and reads until the peer's Close, at most the close limit; `stopped` if none came.
  net::Task<Ending> say_goodbye(std::string close_body);
  net::Task<Ending> say_goodbye(std::uint16_t code) { return say_goodbye(wire::close_payload(code)); }
  /// Sends a Close, unless one was sent already.
  void send_close(std::string_view body);
  /// Sends the Close that the ending asks for (RFC 6455 7.1.5, 7.1.7), unless one was sent already.
  void answer(const Ending& ending);
  /// Ends TCP: a client leaves the first step to the server after a closing handshake (RFC 6455 7.1.1).
  net::Task<void> end_tcp(const Ending& ending);
  /// When the peer last sent something other than a pong.
  std::chrono::steady_clock::time_point last_sign() const { return last_sign_; }
  /// Waits until everything sent has been written.
  net::Task<void> written() { return outbox_.drained_to(0); }
  /// The stream ended with an RST.
  bool was_reset() const;
  /// Releases the socket in its current state.
  net::Socket release() { return std::move(socket_); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Ping {
    std::string payload;
    Clock::time_point deadline;
  };

  void send(wire::Opcode opcode, std::string_view payload);
  void push(wire::FrameSpec frame);
  net::Task<Ending> receive();
  net::Task<Ending> keep_alive();
  net::Task<Ending> stopped();
  net::Task<Ending> not_read();
  net::Task<Ending> pong_late();
  net::Task<void> keep_pace();
  net::Task<void> finish_first();
  std::optional<Ending> handle(const Incoming& incoming);
  void ping();
  void take_pong(std::string_view payload);
  void answer_ping(std::string payload);
  void forgive(Duration late);
  bool is_overdue(Clock::time_point now) const;
  Duration left_to_close();

  net::Socket socket_;
  wire::Side own_side_;
  ConnectionTraits traits_;
  Random& random_;
  StopSignal& stop_;
  std::string first_bytes_;
  MessageHandler on_message_;
  Inbox inbox_;
  Outbox outbox_;
  Outbox* fed_ = nullptr;
  TurnHolder turn_;
  Clock::time_point last_sign_ = Clock::now();
  std::optional<Ending> received_end_;
  std::optional<Clock::time_point> close_deadline_;
  std::deque<Ping> unanswered_;
  std::deque<Ping> owed_;  // the peer's, that are answered later
  net::EventGate owed_changed_;
  int pings_ = 0;
  bool close_sent_ = false;
};

}  // namespace wsfault::reference
