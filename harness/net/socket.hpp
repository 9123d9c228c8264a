// TCP with its abrupt endings: RST by linger 0, FIN with reading on, what is unacknowledged, and how a peer
// ended.
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
  std::size_t size = 0;          ///< bytes read; 0 when the stream ended
  std::optional<StreamEnd> end;  ///< set when nothing more will come
  bool cancelled = false;        ///< the socket was closed or the wait cancelled on our side
};

/// A connected TCP socket that knows how it ended. RST is seen once by the kernel: whoever meets it first,
/// reader or writer, marks it here, so the next read does not call it a FIN. One reader and one writer at a
/// time; to outlive both, and movable while neither waits. Sets TCP_NODELAY and close-on-exec.
class Socket {
 public:
  explicit Socket(tcp::socket socket);
  Socket(Socket&&) noexcept = default;
  Socket& operator=(Socket&&) noexcept = default;

  /// At least one byte, or how the stream ended: what came before the end is read first, whoever met the end.
  /// `buffer` must not be empty and must outlive the wait.
  Task<ReadResult> read_some(std::span<char> buffer);
  /// Waits for readability without holding a buffer. Neither size nor end is set: read_some() then has bytes
  /// or the end at once.
  Task<ReadResult> wait_readable();
  /// All bytes, or how the stream ended (none if all were written). `bytes` must outlive the wait. Cancelled
  /// or closed on our side: error with ECANCELED. A reset with EPIPE says that the peer's FIN came before its
  /// RST.
  Task<std::optional<StreamEnd>> write(std::string_view bytes);
  /// After a FIN was read: true when a RST follows it, false when both sides have ended, or when cancelled.
  Task<bool> wait_reset();

  /// FIN: shuts down writing; reading goes on.
  void send_fin();
  /// RST: linger 0 and close. Call drained() before if what was sent is to arrive.
  void send_reset();
  /// Closes without linger: FIN, or RST if input was unread.
  void close();
  /// Cancels what waits on the socket; it stays open.
  void cancel();

  /// Bytes written and not yet acknowledged by the peer's kernel (SIOCOUTQ, without the FIN that it counts).
  std::size_t unacknowledged() const;
  /// Waits until all is acknowledged, at most `limit` and not when the connection is dead; returns what is
  /// left.
  Task<std::size_t> drained(std::chrono::nanoseconds limit);

  bool is_open() const { return socket_.is_open(); }
  /// How the peer ended, as far as reader or writer has met it; a RST after a FIN counts as reset.
  std::optional<StreamEnd> ended() const { return ended_; }
  /// The ports and the peer stay known after the end.
  std::uint16_t local_port() const { return local_.port(); }
  std::uint16_t peer_port() const { return peer_.port(); }
  std::string peer() const;  ///< "127.0.0.1:4711", "[::1]:4711"
  int native_handle() { return socket_.native_handle(); }
  asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  StreamEnd note(int error);
  Task<void> let_others_run();
  bool is_dead() const;

  mutable tcp::socket socket_;  ///< mutable: Asio has no const native_handle()
  tcp::endpoint local_;
  tcp::endpoint peer_;
  std::optional<StreamEnd> ended_;
  bool fin_sent_ = false;
  bool read_at_once_ = false;   ///< the last read did not have to wait
  bool wrote_at_once_ = false;  ///< nor the last write
};

}  // namespace wsfault::net
