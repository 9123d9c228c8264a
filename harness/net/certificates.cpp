// Certificates made with OpenSSL, written as PEM.
#include "net/certificates.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace wsfault::net {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

constexpr long day = 24 * 60 * 60;
constexpr long version_3 = 2;  // X.509 counts from 0

Key make_key() {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) throw std::runtime_error("OpenSSL makes no key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) throw std::runtime_error("OpenSSL refuses the extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Without an issuer, only a random serial number distinguishes two certificates with the same name.
Certificate make_certificate(const std::string& common_name, const Key& key, long from, long until) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), version_3);
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;  // RFC 5280 4.1.2.2: positive
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) == 0)
    throw std::runtime_error("OpenSSL signs no certificate");
}

void write_pem(const std::string& file, mode_t mode, const std::function<int(BIO*)>& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  const bool written = descriptor >= 0 && ::write(descriptor, text, static_cast<std::size_t>(size)) == size;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  BIO_free(memory);
  if (!written) throw std::runtime_error("cannot write " + file + ": " + std::strerror(error));
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    unsigned char ignored[sizeof(in6_addr)];
    const bool is_address =
        ::inet_pton(AF_INET, host.c_str(), ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), ignored) == 1;
    names += (names.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + host;
  }
  return names;
}

}  // namespace

CertificateAuthority::CertificateAuthority(const std::string& common_name, std::string file)
    : file_(std::move(file)), key_(make_key()) {
  certificate_ = make_certificate(common_name, key_, -day, 365 * day);
  X509* own = certificate_.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  sign(own, key_.get());
  write_pem(file_, 0644, [own](BIO* out) { return PEM_write_bio_X509(out, own); });
}

CertificateFiles CertificateAuthority::issue(const std::string& path, const std::vector<std::string>& hosts,
                                             Validity validity) const {
  const Key key = make_key();
  const bool is_over = validity == Validity::over;
  const Certificate made =
      make_certificate("wsfault", key, is_over ? -30 * day : -day, is_over ? -day : 365 * day);
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  add_extension(made.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made.get(), certificate_.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(made.get(), certificate_.get(), NID_ext_key_usage, "serverAuth");
  add_extension(made.get(), certificate_.get(), NID_subject_key_identifier, "hash");
  add_extension(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
  add_extension(made.get(), certificate_.get(), NID_subject_alt_name, alternative_names(hosts));
  sign(made.get(), key_.get());
  const CertificateFiles files{path + ".pem", path + ".pem.key"};
  write_pem(files.certificate, 0644, [&](BIO* out) { return PEM_write_bio_X509(out, made.get()); });
  write_pem(files.key, 0600, [&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace wsfault::net
