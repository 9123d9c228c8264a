// Options that take a duration, in the same form as in files.
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "value/units.hpp"

namespace wsfault::cli {

/// `target` is its default, which the help shows. An invalid duration is a CLI::ValidationError.
void add_duration(CLI::App& app, const std::string& flag, Duration& target, const std::string& help);
/// The same, with a default that the help text describes.
void add_duration(CLI::App& app, const std::string& flag, std::optional<Duration>& target,
                  const std::string& help);

}  // namespace wsfault::cli
