// Certificates made for a run: its own certificate authority, and the certificates that it signs.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace wsfault::net {

/// PEM files; only the user can read the key.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

enum class Validity { now, over };  ///< over: it expired yesterday

/// Keys use P-256: generating one takes less than a millisecond.
class CertificateAuthority {
 public:
  /// A new authority that nobody trusts yet. Its certificate is written to `file`. Throws std::runtime_error
  /// if it cannot be written.
  CertificateAuthority(const std::string& common_name, std::string file);

  const std::string& file() const { return file_; }
  /// A server's certificate for those names and IP addresses (RFC 6125: all of them in subjectAltName),
  /// written to `path`.pem and `path`.pem.key (where HAProxy looks for it). Throws std::runtime_error if they
  /// cannot be written.
  CertificateFiles issue(const std::string& path, const std::vector<std::string>& hosts,
                         Validity validity = Validity::now) const;

 private:
  std::string file_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace wsfault::net
