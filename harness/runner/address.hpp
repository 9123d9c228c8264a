// Addresses on the command line, in system files and as variables.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/loopback.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// "HOST:PORT", "[::1]:9000"; port 0 is any free one. The error is the end of a sentence.
Result<Address> parse_address(std::string_view text);

/// Sets ${name}, ${name_host} and ${name_port}.
void set_address(std::map<std::string, std::string>& variables, const std::string& name,
                 const Address& address);
/// Sets ${upstream…}, ${upstream2…} and so on: where a gateway finds them.
void set_upstreams(std::map<std::string, std::string>& variables, const std::vector<Address>& upstreams);

}  // namespace wsfault::runner
