// Addresses of the command line and of system files.
#pragma once

#include <string_view>

#include "runner/loopback.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// "HOST:PORT", "[::1]:9000"; port 0 is any free one. The end of a sentence says what is wrong.
Result<Address> parse_address(std::string_view text);

}  // namespace wsfault::runner
