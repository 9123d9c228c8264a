// The requirements on certificates, by defect.
#include "reference/trust.hpp"

namespace wsfault::reference {

net::TlsContext trusting(const std::string& ca_file, const Defects& defects) {
  net::TlsDemands demands;
  demands.ca_file = ca_file;
  demands.any_certificate = defects.has(Defect::accepts_any_certificate);
  demands.any_name = defects.has(Defect::ignores_host);
  demands.any_time = defects.has(Defect::accepts_expired);
  return net::TlsContext::client(demands);
}

}  // namespace wsfault::reference
