// Errors of the control port: problem details (RFC 9457), with the place of each error as a JSON pointer.
#pragma once

#include <string>
#include <string_view>

#include "control/http.hpp"
#include "control/json_body.hpp"

namespace wsfault::control {

/// `detail` is a sentence; `hint` says what is allowed, or the nearest name; it may be empty.
Response problem(int status, std::string_view detail, std::string_view hint = {});
/// 400 with all errors.
Response problem(const JsonBody& body, const Diagnostics& diagnostics);

}  // namespace wsfault::control
