// A command given as one string, which the shell runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wsfault::runner {

/// The same command with `exec` if the shell can become the program, so that the process that is started,
/// signalled and observed is the program itself. None unless `text` is one simple command of a program (POSIX
/// 2.9.1): not a list, a pipeline, a block or a builtin, and nothing that might be one.
std::optional<std::string> with_exec(std::string_view text);

}  // namespace wsfault::runner
