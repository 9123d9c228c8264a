// Addresses on the command line and in system files.
#pragma once

#include <string_view>

#include "runner/loopback.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// "HOST:PORT", "[::1]:9000"; port 0 is any free one. The error is the end of a sentence.
Result<Address> parse_address(std::string_view text);

}  // namespace wsfault::runner
