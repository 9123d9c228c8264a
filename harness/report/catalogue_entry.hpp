// What `wsfault explain` prints of a name in scenario and system files.
#pragma once

#include <string>
#include <string_view>

#include "fault/catalogue.hpp"
#include "verdict/expect/kind.hpp"

namespace wsfault::report {

// A heading that says what it is and where it is listed, then labelled lines.
std::string print_fault(const fault::Entry& entry);
std::string print_expectation(const verdict::ExpectationKind& kind);
/// All its forms: "message N", "message /REGEX/". Empty: there is no moment of that name.
std::string print_moment(std::string_view name);
/// One of the standard traits; `meaning`: as in its table.
std::string print_trait(std::string_view name, std::string_view meaning);
/// A key of a table of such a file: "lasts", "[[fault]]".
std::string print_key(std::string_view key, std::string_view table, std::string_view meaning);

}  // namespace wsfault::report
