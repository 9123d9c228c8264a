// Peers of the reference programs that follow a test's script, legal or not.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/listener.hpp"
#include "net/socket.hpp"
#include "reference/inbox.hpp"
#include "reference/loop.hpp"
#include "wire/frame.hpp"
#include "wire/side.hpp"

namespace wsfault::reference {

/// One TCP connection held by the test.
class RawConnection {
 public:
  RawConnection(net::Socket socket, wire::Side own_side);

  net::Task<void> send(std::string bytes);
  net::Task<void> send_frame(wire::Opcode opcode, std::string payload);
  net::Task<void> send_close(std::uint16_t code, std::string reason = {});
  /// Up to and including the empty line; next() reads what came after it.
  net::Task<std::string> read_head();
  /// The next message or control frame; pings are answered and skipped; none when the stream ended.
  net::Task<std::optional<Incoming>> next();
  /// The next one that is a text message; none when the stream ended.
  net::Task<std::optional<std::string>> next_text();
  /// The code of the next Close; none if it was empty, or the stream ended without one.
  net::Task<std::optional<int>> next_close();
  /// Reads to the end of the stream.
  net::Task<net::StreamEnd> end();
  /// The server's half of the handshake.
  net::Task<void> accept_upgrade(std::string glued = {});
  /// The client's half.
  net::Task<std::string> upgrade();
  /// Sends back each text until the stream ends.
  net::Task<void> echo();

  net::Socket socket;
  bool answers_pings = true;
  int pings = 0;
  std::vector<std::string> texts;            ///< all that were read
  std::optional<net::StreamEnd> stream_end;  ///< once it was read

 private:
  net::Task<bool> read_more();
  wire::Side own_side_;
  Inbox inbox_;
  std::string head_bytes_;
  std::deque<Incoming> ready_;
};

/// A server that plays a script on each connection. Connections stay open after it, until this is destroyed.
class RawServer {
 public:
  using Script = std::function<net::Task<void>(RawConnection& connection, int number)>;
  RawServer(Loop& loop, Script script);

  std::uint16_t port() const { return listener_.port(); }
  net::Listener& listener() { return listener_; }
  RawConnection& connection(std::size_t number) { return *connections_.at(number - 1); }
  std::size_t connections() const { return connections_.size(); }

 private:
  net::Task<void> accept_all();
  Loop& loop_;
  Script script_;
  net::Listener listener_;
  std::vector<std::unique_ptr<RawConnection>> connections_;
};

}  // namespace wsfault::reference
