// OpenSSL contexts, and the errors of making them.
#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace wsfault::net {
namespace {

/// In the wire format of ALPN (RFC 7301 3.1): a length, then the name.
constexpr unsigned char http_1_1[] = "\x08http/1.1";
constexpr unsigned http_1_1_size = sizeof http_1_1 - 1;

std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) throw std::runtime_error("OpenSSL has no memory for a TLS context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Nobody resumes these sessions, and a client that ends without having read a ticket would send a RST.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

[[noreturn]] void refuse(const std::string& what, const std::string& file) {
  const unsigned long code = ERR_peek_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  ERR_clear_error();
  if (!std::ifstream(file)) throw std::runtime_error(file + ": " + std::strerror(errno));
  throw std::runtime_error(file + ": " + what + (reason != nullptr ? std::string(" (") + reason + ")" : ""));
}

/// http/1.1 if it is offered; without a common protocol the connection continues without ALPN.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, http_1_1, http_1_1_size, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsContext TlsContext::server(const std::string& certificate_file, const std::string& key_file) {
  auto context = make_context(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
    refuse("there is no certificate in it", certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    refuse("there is no key of the certificate in it", key_file);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return {std::move(context), true, false};
}

TlsContext TlsContext::client(const TlsDemands& demands) {
  auto context = make_context(TLS_client_method());
  if (demands.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_file(context.get(), demands.ca_file.c_str()) != 1) {
    refuse("there is no certificate in it", demands.ca_file);
  }
  SSL_CTX_set_verify(context.get(), demands.any_certificate ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (demands.any_time)
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_NO_CHECK_TIME);
  SSL_CTX_set_alpn_protos(context.get(), http_1_1, http_1_1_size);
  return {std::move(context), false, !demands.any_certificate && !demands.any_name};
}

}  // namespace wsfault::net
