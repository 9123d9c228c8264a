// TCP with its abrupt endings: RST by linger 0, FIN with reading on, what is unacknowledged, and how a peer
// ended; plain or inside TLS.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/tls_context.hpp"

namespace wsfault::net {

/// How a peer's byte stream ended.
enum class EndKind : std::uint8_t { fin, reset, error };

struct StreamEnd {
  EndKind kind = EndKind::fin;
  int error = 0;           ///< errno: ECONNRESET, EPIPE, ETIMEDOUT …; EPROTO: no valid TLS; 0 for a FIN
  bool truncated = false;  ///< a FIN without TLS's close_notify before it (RFC 8446 6.1)
};

struct ReadResult {
  std::size_t size = 0;          ///< bytes read; 0 when the stream ended
  std::optional<StreamEnd> end;  ///< set when nothing more will come
  bool cancelled = false;        ///< the socket was closed or the wait cancelled on our side
};

/// How a TLS handshake came out.
struct TlsOutcome {
  std::string error;    ///< one sentence; empty: it is done
  std::string version;  ///< "TLSv1.3"; once it is done
  bool timed_out = false;
  bool cancelled = false;  ///< the socket was closed or the wait cancelled on our side
};

/// A connected TCP socket that knows how it ended. RST is seen once by the kernel: whoever meets it first,
/// reader or writer, marks it here, so the next read does not call it a FIN. One reader and one writer at a
/// time; to outlive both, and movable while neither waits. Sets TCP_NODELAY and close-on-exec. After
/// start_tls() it carries plaintext inside TLS, and its ends are TLS's: FIN is close_notify and FIN, a
/// close_notify is read as FIN; RST stays RST.
class Socket {
 public:
  explicit Socket(tcp::socket socket);
  ~Socket();
  Socket(Socket&&) noexcept = default;
  Socket& operator=(Socket&&) noexcept = default;

  /// The handshake, at most `limit`. `peer_name` is the host that a client means. It failed, or was not
  /// proper: the socket stays as it is, without TLS, and an alert of ours is sent. Call it while nobody reads
  /// or writes.
  Task<TlsOutcome> start_tls(TlsContext context, std::string peer_name, std::chrono::nanoseconds limit,
                             TlsConduct conduct = TlsConduct::proper);
  bool has_tls() const { return tls_ != nullptr; }

  /// At least one byte, or how the stream ended: what came before the end is read first, whoever met the end.
  /// `buffer` must not be empty and must outlive the wait.
  Task<ReadResult> read_some(std::span<char> buffer);
  /// Waits for readability without holding a buffer. Neither size nor end is set: read_some() then has bytes
  /// or the end at once (inside TLS once a record is whole).
  Task<ReadResult> wait_readable();
  /// Is told of bytes in the moment in which the kernel has taken them: before any answer can be read.
  using OnSent = std::function<void(std::string_view part)>;
  /// All bytes, or how the stream ended (none if all were written). `bytes` must outlive the wait. `told` is
  /// told of them part by part (inside TLS record by record), to the last one that went before an end.
  /// Cancelled or closed on our side: error with ECANCELED. A reset with EPIPE says that the peer's FIN came
  /// before its RST.
  Task<std::optional<StreamEnd>> write(std::string_view bytes, OnSent told = nullptr);
  /// After a FIN was read: true when a RST follows it, false when both sides have ended, or when cancelled.
  Task<bool> wait_reset();

  /// FIN: shuts down writing; reading goes on.
  void send_fin();
  /// FIN without close_notify, as a process that dies leaves it.
  void send_fin_truncating();
  /// RST: linger 0 and close. Call drained() before if what was sent is to arrive.
  void send_reset();
  /// Closes without linger: FIN, or RST if input was unread. Destroying it does the same.
  void close();
  /// Cancels what waits on the socket; it stays open.
  void cancel();

  /// Bytes written and not yet acknowledged by the peer's kernel (SIOCOUTQ, without the FIN that it counts);
  /// to a peer at a loopback address those not yet sent (SIOCOUTQNSD), for there an ACK is only late. Inside
  /// TLS they are those of the ciphertext.
  std::size_t unacknowledged() const;
  /// Waits until there are none of them, at most `limit` and not when the connection is dead; returns what is
  /// left.
  Task<std::size_t> drained(std::chrono::nanoseconds limit);

  /// Bytes that have come and were not read yet; inside TLS those of the ciphertext.
  std::size_t unread() const;

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
  struct Tls;
  class Writer;
  /// What one call of send() came to.
  struct Sent {
    std::size_t size = 0;
    bool must_wait = false;
    std::optional<StreamEnd> end;
  };

  StreamEnd note(int error);
  Task<void> let_others_run();
  bool is_dead() const;
  // What passes on the wire: plaintext, or the ciphertext of TLS.
  Task<ReadResult> receive(std::span<char> buffer);
  Sent send_once(std::string_view bytes);
  Task<std::optional<StreamEnd>> send_all(std::string_view bytes, OnSent told = nullptr);
  Task<bool> wait_writable();
  // socket_tls.cpp
  Task<TlsOutcome> shake_hands(Tls& tls, TlsConduct conduct);
  Task<ReadResult> read_decrypted(std::span<char> buffer);
  Task<std::optional<StreamEnd>> write_encrypted(std::string_view bytes, OnSent told);
  Task<std::optional<StreamEnd>> send_pending(Tls& tls);
  bool send_what_fits();
  bool say_goodbye();
  void forget_goodbye();
  std::size_t pending() const;

  mutable tcp::socket socket_;  ///< mutable: Asio has no const native_handle()
  tcp::endpoint local_;
  tcp::endpoint peer_;
  std::optional<StreamEnd> ended_;
  std::shared_ptr<Tls> tls_;  ///< shared with a FIN that waits for its turn
  bool fin_sent_ = false;
  bool read_at_once_ = false;   ///< the last read did not have to wait
  bool wrote_at_once_ = false;  ///< nor the last write
};

}  // namespace wsfault::net
