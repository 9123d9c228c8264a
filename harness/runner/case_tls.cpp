// A certificate authority for each case: what one case's system trusts is not valid in another case.
#include "runner/case_tls.hpp"

#include <filesystem>
#include <stdexcept>

namespace wsfault::runner {
namespace {

using fault::Shown;
using model::Tls;

std::string made(std::string folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error("cannot make " + folder + ": " + error.message());
  return folder;
}

/// Nobody connects to this name: no valid certificate can contain it.
const std::vector<std::string> another_host = {"another-host.test", "192.0.2.1"};

std::vector<std::string> names_of(const std::string& host) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  if (host != "127.0.0.1" && host != "::1" && host != "localhost") names.push_back(host);
  return names;
}

net::TlsContext serving(const net::CertificateFiles& files) {
  return net::TlsContext::server(files.certificate, files.key);
}

}  // namespace

CaseTls::CaseTls(std::string folder, model::Role role, Tls tls)
    : folder_(made(std::move(folder))),
      role_(role),
      tls_(tls),
      authority_("wsfault: authority of one case", folder_ + "/ca.pem") {}

net::CertificateFiles CaseTls::certificate_for(const std::string& host) const {
  return authority_.issue(folder_ + "/" + host, names_of(host));
}

net::TlsContext CaseTls::shown(Shown shown, const std::string& host) const {
  switch (shown) {
    case Shown::good:
      return serving(certificate_for(host));
    case Shown::unknown_authority: {
      const net::CertificateAuthority nobody("wsfault: nobody knows it", folder_ + "/unknown.pem");
      return serving(nobody.issue(folder_ + "/bad", names_of(host)));
    }
    case Shown::expired:
      return serving(authority_.issue(folder_ + "/expired", names_of(host), net::Validity::over));
    case Shown::other_host:
      return serving(authority_.issue(folder_ + "/other", another_host));
  }
  return serving(certificate_for(host));
}

net::TlsContext CaseTls::trusting() const {
  net::TlsDemands demands;
  demands.ca_file = authority_.file();
  return net::TlsContext::client(demands);
}

actor::LinkTls CaseTls::before_upstream(const std::string& host) const {
  actor::LinkTls link;
  link.passthrough = tls_ == Tls::passthrough;
  if (link.passthrough || !back()) return link;
  link.to_client = [this, host, good = shown(Shown::good, host)](Shown shown) {
    return shown == Shown::good ? good : this->shown(shown, host);
  };
  return link;
}

actor::LinkTls CaseTls::before_system(const std::string& host) const {
  actor::LinkTls link;
  link.passthrough = tls_ == Tls::passthrough;
  if (link.passthrough || !front()) return link;
  link.to_server = trusting();
  link.server_name = host;
  return link;
}

std::optional<net::CertificateFiles> CaseTls::upstream_certificate() const {
  if (tls_ != Tls::passthrough || role_ == model::Role::server) return std::nullopt;
  return certificate_for("127.0.0.1");
}

std::optional<net::TlsContext> CaseTls::probe() const {
  if (tls_ != Tls::passthrough || role_ == model::Role::client) return std::nullopt;
  return trusting();
}

}  // namespace wsfault::runner
