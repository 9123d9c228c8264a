// TCP with its abrupt endings: RST by linger 0, FIN while still reading, unacknowledged bytes, and how a peer
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
#include "net/peer_socket.hpp"
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

/// The result of a TLS handshake.
struct TlsOutcome {
  std::string error;    ///< one sentence; empty: it succeeded
  std::string version;  ///< "TLSv1.3"; if it succeeded
  bool timed_out = false;
  bool cancelled = false;  ///< the socket was closed or the wait cancelled on our side
};

/// A connected TCP socket that knows how it ended. The kernel reports a RST only once: the first to see it,
/// reader or writer, records it here, so the next read does not report a FIN. One reader and one writer at a
/// time; it must outlive both, and can be moved while neither waits. Sets TCP_NODELAY and close-on-exec.
/// After start_tls() it carries plaintext inside TLS, and its ends are those of TLS: sending a FIN sends
/// close_notify and FIN, a close_notify is read as FIN; RST stays RST.
class Socket {
 public:
  explicit Socket(tcp::socket socket);
  /// Of a connected TCP socket.
  Socket(const asio::any_io_executor& executor, FileDescriptor connected);
  ~Socket();
  Socket(Socket&&) noexcept = default;
  Socket& operator=(Socket&&) noexcept = default;

  /// The handshake, in at most `limit`. `peer_name` is the host that a client expects. If it fails, or
  /// `conduct` is not proper, the socket stays without TLS, and an alert of ours is sent. Call it while
  /// nobody reads or writes.
  Task<TlsOutcome> start_tls(TlsContext context, std::string peer_name, std::chrono::nanoseconds limit,
                             TlsConduct conduct = TlsConduct::proper);
  bool has_tls() const { return tls_ != nullptr; }

  /// At least one byte, or how the stream ended. What came before the end is read first, whether reader or
  /// writer saw the end. `buffer` must not be empty and must outlive the wait.
  Task<ReadResult> read_some(std::span<char> buffer);
  /// Waits for readability without holding a buffer. Neither size nor end is set: read_some() then has bytes
  /// or the end at once (inside TLS once a record is whole).
  Task<ReadResult> wait_readable();
  /// Called with bytes at the moment when the kernel has taken them: before any answer can be read.
  using OnSent = std::function<void(std::string_view part)>;
  /// Writes all bytes; returns how the stream ended (none if all were written). `bytes` must outlive the
  /// wait. `told` is called with them part by part (inside TLS record by record), up to the last part sent
  /// before an end. Cancelled or closed on our side: error with ECANCELED. A reset with EPIPE means that the
  /// peer's FIN came before its RST.
  Task<std::optional<StreamEnd>> write(std::string_view bytes, OnSent told = nullptr);
  /// After a FIN was read: true when a RST follows, false when both sides have ended, or when cancelled.
  Task<bool> wait_reset();

  /// FIN: shuts down writing; reading continues.
  void send_fin();
  /// FIN without close_notify, as when a process dies.
  void send_fin_truncating();
  /// RST: linger 0 and close. Call drained() first if the bytes already sent must arrive.
  void send_reset();
  /// Closes without linger: FIN, or RST if input was unread. The destructor does the same.
  void close();
  /// Cancels all waits on the socket; it stays open.
  void cancel();
  /// Gives it up as it is, connected, for somebody else to go on with. Not inside TLS, and not while anybody waits.
  FileDescriptor release();

  /// Bytes written and not yet acknowledged by the peer's kernel (SIOCOUTQ, without the FIN that it counts).
  /// For a peer at a loopback address: bytes not yet sent (SIOCOUTQNSD), because there only the ACK is late.
  /// Inside TLS they count ciphertext.
  std::size_t unacknowledged() const;
  /// Waits until there are none, at most `limit`, and not if the connection is dead; returns how many are
  /// left.
  Task<std::size_t> drained(std::chrono::nanoseconds limit);

  /// Bytes that have arrived and were not read yet; inside TLS they count ciphertext.
  std::size_t unread() const;

  bool is_open() const { return socket_.is_open(); }
  /// How the peer ended, where somebody else has met it, and the kernel does not tell it again.
  void note_end(StreamEnd end) { ended_ = end; }
  /// How the peer ended, as far as reader or writer has seen it; a RST after a FIN counts as reset.
  std::optional<StreamEnd> ended() const { return ended_; }
  /// The peer's socket, as far as its kernel tells.
  PeerSocket peer_socket(const FileDescriptor* table = nullptr) const;
  /// The ports and the peer stay available after the end.
  std::uint16_t local_port() const { return local_.port(); }
  std::uint16_t peer_port() const { return peer_.port(); }
  std::string peer() const;  ///< "127.0.0.1:4711", "[::1]:4711"
  int native_handle() { return socket_.native_handle(); }
  asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  struct Tls;
  class Writer;
  /// The result of one call of send().
  struct Sent {
    std::size_t size = 0;
    bool must_wait = false;
    std::optional<StreamEnd> end;
  };

  StreamEnd note(int error);
  Task<void> let_others_run();
  bool is_dead() const;
  // The bytes on the wire: plaintext, or TLS ciphertext.
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
  bool wrote_at_once_ = false;  ///< the last write did not have to wait
};

/// "127.0.0.1:4711", "[::1]:4711"
std::string text_of(const tcp::endpoint& endpoint);
/// The other end of a connected socket; empty: it is gone.
std::string peer_of(int socket);

}  // namespace wsfault::net
