// The words in which lists and explanations describe faults and their attributes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fault/catalogue.hpp"

namespace wsfault::report {

/// "a duration above 0", "one of tree, main".
std::string type_text(const fault::Attribute& attribute);
/// "default 5s", "required".
std::string fallback_text(const fault::Attribute& attribute);
/// Both, and what it means.
std::string attribute_text(const fault::Attribute& attribute);
/// "stands on a link", "`when` is `open` by default" …: the defaults of the keys that every fault has.
std::vector<std::string> key_texts(const fault::Entry& entry);
/// `text` after `label`, wrapped at blanks, with its newline; further lines are indented to the same column.
std::string wrapped(const std::string& label, std::string_view text);

}  // namespace wsfault::report
