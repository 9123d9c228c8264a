// The OpenAPI 3.1 document of the control port, made from the table of routes and the schemas of scenarios.
#pragma once

#include <string>
#include <string_view>

namespace wsfault::control {

std::string print_openapi(std::string_view version);

}  // namespace wsfault::control
