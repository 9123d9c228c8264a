// The command that repeats one case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/load.hpp"

namespace wsfault::runner {

/// A word as a shell takes it: in quotes where it needs them (POSIX 2.2; a control character as bash, ksh,
/// zsh and POSIX.1-2024 take it, $'\n', so that a command stays one line).
std::string shell_quoted(std::string_view word);

/// The options of a run in addition to its selection: "--system" and "nginx"; "--tls" and nothing.
using AskedOptions = std::vector<std::pair<std::string, std::string>>;

/// `wsfault run`, or another subcommand, for only this case, against the same system, with this seed.
std::string repeat_command(const std::string& program, const scenario::LoadedCase& loaded,
                           const AskedOptions& options, std::uint64_t seed,
                           std::string_view subcommand = "run");

}  // namespace wsfault::runner
