// What a party shows in a TLS handshake, and what it demands of the other.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace wsfault::net {

/// What a client demands of a server's certificate. A conforming client demands all of it (RFC 9110 4.3.4).
struct TlsDemands {
  std::string ca_file;  ///< PEM; empty: the authorities that this machine trusts
  bool any_certificate = false;
  bool any_name = false;  ///< whatever host it is for
  bool any_time = false;  ///< expired ones, too
};

/// TLS 1.2 and 1.3 with ALPN http/1.1, for many connections; cheap to copy.
class TlsContext {
 public:
  /// Shows the certificates (and those between them and the authority) of a PEM file, with their key. Throws
  /// std::runtime_error: one sentence with the file's name.
  static TlsContext server(const std::string& certificate_file, const std::string& key_file);
  /// Throws std::runtime_error where the CA file cannot be read or holds no certificate.
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

/// How a party behaves in a handshake: as it should, sends a fatal alert where its next flight is due, or
/// says nothing more from there on.
enum class TlsConduct { proper, aborts, hangs };

}  // namespace wsfault::net
