// The files that a command reads: logs and results.
#pragma once

#include <string>
#include <string_view>

#include "value/result.hpp"

namespace wsfault::cli {

/// The whole file, at most 4 GiB. Errors name it: it cannot be read, is a folder or a device ("not a log", by
/// `what`), or is too large. A pipe is read to its end.
Result<std::string> read_input(const std::string& file, std::string_view what);

}  // namespace wsfault::cli
