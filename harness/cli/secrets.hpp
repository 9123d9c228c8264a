// What came from the environment, and how it stays out of all that is printed and written.
#pragma once

#include <map>
#include <string>

#include "report/case_result.hpp"

namespace wsfault::cli {

/// Value, and what stands in its place: "<env:TOKEN>".
using Secrets = std::map<std::string, std::string>;

/// The text with every secret replaced.
std::string masked(std::string text, const Secrets& secrets);
/// Every text of a case, its events included. This comes before a format escapes anything: escaped, a secret
/// would not be found again, and its mask would break the format.
report::CaseResult masked(report::CaseResult result, const Secrets& secrets);

}  // namespace wsfault::cli
