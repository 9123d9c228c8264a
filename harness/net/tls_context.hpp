// What a party presents in a TLS handshake, and what it requires of the other.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace wsfault::net {

/// What a client requires of a server's certificate. A conforming client requires all of it (RFC 9110 4.3.4).
struct TlsDemands {
  std::string ca_file;  ///< PEM; empty: the authorities that this machine trusts
  bool any_certificate = false;
  bool any_name = false;  ///< accepts a certificate for any host
  bool any_time = false;  ///< accepts expired certificates
};

/// TLS 1.2 and 1.3 with ALPN http/1.1. One context serves many connections and is cheap to copy.
class TlsContext {
 public:
  /// Presents the certificate chain of a PEM file (without the authority), with its key. Throws
  /// std::runtime_error: one sentence with the file's name.
  static TlsContext server(const std::string& certificate_file, const std::string& key_file);
  /// Throws std::runtime_error if the CA file cannot be read or contains no certificate.
  static TlsContext client(const TlsDemands& demands);

  bool is_server() const { return is_server_; }
  bool checks_name() const { return checks_name_; }
  ssl_ctx_st* get() const { return context_.get(); }

 private:
  TlsContext(std::shared_ptr<ssl_ctx_st> context, bool is_server, bool checks_name)
      : context_(std::move(context)), is_server_(is_server), checks_name_(checks_name) {}
  std::shared_ptr<ssl_ctx_st> context_;
  bool is_server_;
  bool checks_name_;
};

/// How a party behaves in a handshake: correctly, or it sends a fatal alert instead of its next flight, or it
/// sends nothing more from there on.
enum class TlsConduct { proper, aborts, hangs };

}  // namespace wsfault::net
