// Certificates made for a run: an authority of its own, and what it vouches for.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace wsfault::net {

/// PEM files; the key is for the user's eyes alone.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

enum class Validity { now, over };  ///< over: it ended yesterday

/// Keys are of P-256: made in less than a millisecond.
class CertificateAuthority {
 public:
  /// A fresh one, of which nobody has heard. Its certificate is written to `file`. Throws std::runtime_error
  /// where that cannot be written.
  CertificateAuthority(const std::string& common_name, std::string file);

  const std::string& file() const { return file_; }
  /// A server's certificate for those names and IP addresses (RFC 6125: all of them in subjectAltName),
  /// written to `path`.pem and `path`.pem.key (where HAProxy looks for it). Throws std::runtime_error where
  /// they cannot be written.
  CertificateFiles issue(const std::string& path, const std::vector<std::string>& hosts,
                         Validity validity = Validity::now) const;

 private:
  std::string file_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace wsfault::net
