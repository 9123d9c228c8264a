// One side of a TLS connection as a machine of bytes: ciphertext in and out, plaintext out and in; no
// sockets.
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
  /// `peer_name` is the host that a client means: a name is sent as SNI (RFC 6066 3: an address is not), and
  /// the certificate must be for it.
  TlsStream(const TlsContext& context, const std::string& peer_name);

  enum class Step { done, wants_input, failed };
  /// Goes on with the handshake as far as the input goes; why it failed is in error().
  Step shake_hands();
  /// One sentence: "certificate verify failed: certificate has expired", "the peer refused: alert \"unknown
  /// CA\"".
  const std::string& error() const { return error_; }
  /// "TLSv1.3"; once the handshake is done.
  std::string version() const;

  struct Read {
    std::size_t size = 0;
    bool closed = false;  ///< the peer's close_notify
    bool failed = false;  ///< no valid record, or a fatal alert
  };
  /// Plaintext; nothing at all: it needs more input.
  Read read(std::span<char> buffer);
  /// Ciphertext that arrived.
  void feed(std::string_view bytes);
  /// At most 16 KiB at once, a record of TLS.
  void write(std::string_view bytes);
  /// close_notify; nothing where the handshake is not done or the connection has failed.
  void close();
  /// Ciphertext that has come to be sent, taken out.
  std::string take_output();

 private:
  std::string describe_failure(int result) const;

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::string error_;
};

}  // namespace wsfault::net
