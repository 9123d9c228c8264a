// TCP with its abrupt endings: RST by linger 0, FIN with reading on, what is unacknowledged, and how a peer ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/asio.hpp"

namespace wsfault::net {

/// How a peer's byte stream ended.
enum class EndKind : std::uint8_t { fin, reset, error };

struct StreamEnd {
  EndKind kind = EndKind::fin;
  int error = 0;  ///< errno: ECONNRESET, EPIPE, ETIMEDOUT …; 0 for a FIN
};

struct ReadResult {
  std::size_t size = 0;            ///< bytes read; 0 when the stream ended
  std::optional<StreamEnd> end;    ///< set when nothing more will come
  bool cancelled = false;          ///< the socket was closed or the wait cancelled on our side
};

/// A connected TCP socket that knows how it ended. RST is seen once by the kernel: whoever meets it first,
/// reader or writer, marks it here, so the next read does not call it a FIN. Movable.
class Socket {
 public:
  explicit Socket(tcp::socket socket);
  Socket(Socket&&) noexcept = default;
  Socket& operator=(Socket&&) noexcept = default;

  Task<ReadResult> read_some(std::span<char> buffer);
  /// Waits for readability without holding a buffer, then reads.
  Task<ReadResult> wait_readable();
  /// All bytes, or how the stream ended (none if all were written).
  Task<std::optional<StreamEnd>> write(std::string_view bytes);

  /// FIN: shuts down writing; reading goes on.
  void send_fin();
  /// RST: linger 0 and close. Call drained() before if what was sent is to arrive.
  void send_reset();
  /// Closes without linger: FIN, or RST if input was unread.
  void close();
  /// Cancels what waits on the socket; it stays open.
  void cancel();

  /// Bytes written and not yet acknowledged by the peer's kernel (SIOCOUTQ).
  std::size_t unacknowledged() const;
  /// Waits until all is acknowledged, at most `limit`; returns what is left.
  Task<std::size_t> drained(std::chrono::nanoseconds limit);

  bool is_open() const { return socket_.is_open(); }
  std::optional<StreamEnd> ended() const { return ended_; }
  std::uint16_t local_port() const;
  std::uint16_t peer_port() const;
  std::string peer() const;  ///< "127.0.0.1:4711"
  int native_handle() { return socket_.native_handle(); }
  asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  std::optional<StreamEnd> note(const error_code& error);
  tcp::socket socket_;
  std::optional<StreamEnd> ended_;
};

}  // namespace wsfault::net
