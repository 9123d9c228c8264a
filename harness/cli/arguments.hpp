// What every subcommand does with its arguments alike.
#pragma once

#include <optional>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace wsfault::cli {

/// Reads the arguments into what `app` describes. The exit code, if the program ends with that: after --help,
/// or after an error, which it prints. An option or argument whose value is the empty text is an error: in a
/// script that is a variable that was not set, and taking the default instead would test something else.
std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv);
/// The same, but an empty value counts as none: for commands whose options a system file fills in (`--ca
/// ${ca_file}`).
std::optional<int> parse_filled_arguments(CLI::App& app, int argc, char** argv);

/// A whole number from 0 to 2^64 - 1.
CLI::Validator is_seed();

/// A number from `least` to `most`; NaN is none.
CLI::Validator is_between(double least, double most);

}  // namespace wsfault::cli
