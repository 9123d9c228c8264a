// What came from the environment, and how it stays out of all that is printed and written.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::cli {

/// Value, and what stands in its place: "<env:TOKEN>".
using Secrets = std::map<std::string, std::string>;

/// What variables of the environment gave: name, value.
void add_secrets(const std::vector<std::pair<std::string, std::string>>& named, Secrets& secrets);

/// The text with every secret replaced, in whatever form (report/secret_mask.hpp).
std::string masked(const std::string& text, const Secrets& secrets);
/// Every text of a case, its events included. This comes before a format escapes anything: a mask put in
/// after that would break the format.
report::CaseResult masked(report::CaseResult result, const Secrets& secrets);

}  // namespace wsfault::cli
