// What a reference program requires of certificates, and what its defects make it skip.
#pragma once

#include <string>

#include "net/tls_context.hpp"
#include "reference/defect.hpp"

namespace wsfault::reference {

/// `ca_file` empty: this machine's authorities. Throws std::runtime_error if it cannot be read.
net::TlsContext trusting(const std::string& ca_file, const Defects& defects);

}  // namespace wsfault::reference
