// One side of a TLS connection as a byte machine: ciphertext in and out, plaintext out and in; no sockets.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tls_context.hpp"

struct ssl_st;

namespace wsfault::net {

class TlsStream {
 public:
  /// `peer_name` is the host that a client expects: a name is sent as SNI (RFC 6066 3: an address is not),
  /// and the certificate must match it.
  TlsStream(const TlsContext& context, const std::string& peer_name);

  enum class Step { done, wants_input, failed };
  /// Continues the handshake as far as the input allows; error() says why it failed.
  Step shake_hands();
  /// One sentence: "certificate verify failed: certificate has expired", "the peer refused: alert \"unknown
  /// CA\"".
  const std::string& error() const { return error_; }
  /// "TLSv1.3"; after the handshake.
  std::string version() const;

  struct Read {
    std::size_t size = 0;
    bool closed = false;  ///< the peer's close_notify
    bool failed = false;  ///< not a valid record, or a fatal alert
  };
  /// Plaintext; if there is none, it needs more input.
  Read read(std::span<char> buffer);
  /// Adds ciphertext that has arrived.
  void feed(std::string_view bytes);
  /// At most 16 KiB at once, the size of a TLS record.
  void write(std::string_view bytes);
  /// Sends close_notify; does nothing if the handshake is not done or the connection has failed.
  void close();
  /// Takes out the ciphertext to be sent.
  std::string take_output();

 private:
  std::string describe_failure(int result) const;

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::string error_;
};

}  // namespace wsfault::net
