// A command that is given as one string: what the shell is asked to do with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wsfault::runner {

/// The same command with `exec` where the shell becomes the program, so that the process that is started,
/// signalled and looked at is the program itself. None where `text` is anything but one simple command of a
/// program (POSIX 2.9.1): a list, a pipeline, a block, a builtin, or one that cannot be told from these.
std::optional<std::string> with_exec(std::string_view text);

}  // namespace wsfault::runner
