// What a status is called (RFC 9110 15, RFC 6585).
#pragma once

#include <string_view>

namespace wsfault::wire {

/// "Bad Gateway" for 502; "Status" for a status without a name.
std::string_view reason_phrase(int status);

}  // namespace wsfault::wire
