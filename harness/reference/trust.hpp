// What a reference program demands of certificates, and what it does not for its defects.
#pragma once

#include <string>

#include "net/tls_context.hpp"
#include "reference/defect.hpp"

namespace wsfault::reference {

/// `ca_file` empty: what this machine trusts. Throws std::runtime_error where it cannot be read.
net::TlsContext trusting(const std::string& ca_file, const Defects& defects);

}  // namespace wsfault::reference
