// OpenSSL over a pair of memory buffers.
#include "net/tls_stream.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace wsfault::net {
namespace {

bool is_address(const std::string& host) {
  unsigned char ignored[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, host.c_str(), ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored) == 1;
}

void demand_name(SSL* ssl, const std::string& host) {
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  } else {
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(ssl), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, host.c_str());
  }
}

/// OpenSSL's reason codes for received alerts are this number plus the alert's.
constexpr int first_alert_reason = SSL_AD_REASON_OFFSET;

}  // namespace

TlsStream::TlsStream(const TlsContext& context, const std::string& peer_name)
    : ssl_(SSL_new(context.get()), SSL_free) {
  if (!ssl_) throw std::runtime_error("OpenSSL has no memory for a TLS connection");
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (context.is_server()) {
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_connect_state(ssl_.get());
  if (!is_address(peer_name)) SSL_set_tlsext_host_name(ssl_.get(), peer_name.c_str());
  if (context.checks_name()) demand_name(ssl_.get(), peer_name);
}

TlsStream::Step TlsStream::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return Step::done;
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return Step::wants_input;
  error_ = describe_failure(result);
  return Step::failed;
}

std::string TlsStream::describe_failure(int) const {
  const long verified = SSL_get_verify_result(ssl_.get());
  const int reason = ERR_GET_REASON(ERR_peek_error());
  ERR_clear_error();
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return std::string("certificate verify failed: ") + X509_verify_cert_error_string(verified);
  if (reason >= first_alert_reason) {
    return std::string("the peer refused: alert \"") +
           SSL_alert_desc_string_long(reason - first_alert_reason) + "\"";
  }
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
      reason == SSL_R_PACKET_LENGTH_TOO_LONG)
    return "the peer does not speak TLS";
  const char* text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
  return text != nullptr ? std::string("TLS failed: ") + text : std::string("TLS failed");
}

std::string TlsStream::version() const { return SSL_get_version(ssl_.get()); }

TlsStream::Read TlsStream::read(std::span<char> buffer) {
  ERR_clear_error();
  const int result = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  if (result > 0) return {static_cast<std::size_t>(result), false, false};
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return {};
  if (error == SSL_ERROR_ZERO_RETURN) return {0, true, false};
  error_ = describe_failure(result);
  return {0, false, true};
}

void TlsStream::feed(std::string_view bytes) {
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
}

void TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  if (!bytes.empty()) SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

void TlsStream::close() {
  ERR_clear_error();
  if (error_.empty() && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
}

std::string TlsStream::take_output() {
  BIO* output = SSL_get_wbio(ssl_.get());
  std::string bytes(BIO_ctrl_pending(output), '\0');
  if (!bytes.empty()) BIO_read(output, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace wsfault::net
