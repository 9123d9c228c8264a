// The certificates of one case, and which party presents and requires what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actor/link_tls.hpp"
#include "model/scenario.hpp"
#include "net/certificates.hpp"

namespace wsfault::runner {

class CaseTls {
 public:
  /// Makes a certificate authority for this case; its files are in `folder`, which is created. Throws
  /// std::runtime_error if they cannot be written.
  CaseTls(std::string folder, model::Role role, model::Tls tls);

  bool front() const { return has_front(tls_); }
  bool back() const { return has_back(tls_); }
  /// The CA that the system must trust: PEM.
  const std::string& ca_file() const { return authority_.file(); }
  /// A certificate for that address (and for localhost, 127.0.0.1 and ::1).
  net::CertificateFiles certificate_for(const std::string& host) const;

  /// For the link that has the system on its client side and listens there.
  actor::LinkTls before_upstream(const std::string& host) const;
  /// For the link that has the system on its server side and listens there.
  actor::LinkTls before_system(const std::string& host) const;
  /// What the fake upstream presents if the link passes TLS through; none: plain.
  std::optional<net::CertificateFiles> upstream_certificate() const;
  /// What a probe client requires if the link passes TLS through; none: plain.
  std::optional<net::TlsContext> probe() const;

 private:
  net::TlsContext shown(fault::Shown shown, const std::string& host) const;
  net::TlsContext trusting() const;

  std::string folder_;
  model::Role role_;
  model::Tls tls_;
  net::CertificateAuthority authority_;
};

}  // namespace wsfault::runner
