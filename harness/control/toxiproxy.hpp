// The form of Toxiproxy's answers (2.12, Go's net/http).
#pragma once

#include <string_view>

#include "control/http.hpp"

namespace wsfault::control {

/// {"error":"proxy not found","status":404}
Response toxiproxy_error(int status, std::string_view message);
/// For a path that it does not have, and a method that the path does not take.
Response no_such_page();
Response no_such_method();

}  // namespace wsfault::control
