// `wsfault explain` of close codes and HTTP statuses: what they mean, when they occur, causes and remedies.
#pragma once

#include <optional>
#include <string_view>

namespace wsfault::cli {

/// 0-65535: of a Close frame, or a status.
std::optional<int> code_of(std::string_view text);
void print_code_or_status(int number);
/// Every close code.
void print_all_codes();

}  // namespace wsfault::cli
