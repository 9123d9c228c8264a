// The certificates of one case, and who shows and demands what of them.
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
  /// Makes an authority of this case's own; its files are in `folder`, which is made. Throws
  /// std::runtime_error where that cannot be written.
  CaseTls(std::string folder, model::Role role, model::Tls tls);

  bool front() const { return has_front(tls_); }
  bool back() const { return has_back(tls_); }
  /// Whom the system is to trust: PEM.
  const std::string& ca_file() const { return authority_.file(); }
  /// A certificate for that address (and for localhost, 127.0.0.1 and ::1).
  net::CertificateFiles certificate_for(const std::string& host) const;

  /// Of the link on whose client side the system is, listening there.
  actor::LinkTls before_upstream(const std::string& host) const;
  /// Of the link on whose server side the system is, listening there.
  actor::LinkTls before_system(const std::string& host) const;
  /// What the fake upstream shows where the link passes through; none: it is plain.
  std::optional<net::CertificateFiles> upstream_certificate() const;
  /// What a probe client demands where the link passes through; none: it is plain.
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
