// Values from the environment, and how they are kept out of everything that is printed and written.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::cli {

/// The value, and its replacement: "<env:TOKEN>".
using Secrets = std::map<std::string, std::string>;

/// Values of environment variables: name, value.
void add_secrets(const std::vector<std::pair<std::string, std::string>>& named, Secrets& secrets);

/// The text with every secret replaced, in whatever form (report/secret_mask.hpp).
std::string masked(const std::string& text, const Secrets& secrets);
/// Masks every text of a case, including its events. Do this before a format escapes anything: a mask
/// inserted after that would break the format.
report::CaseResult masked(report::CaseResult result, const Secrets& secrets);

}  // namespace wsfault::cli
