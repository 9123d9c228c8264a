// The page at the root of the control port: one file, without anything from elsewhere.
#pragma once

#include <string_view>

namespace wsfault::control {

std::string_view page_html();

}  // namespace wsfault::control
