// Arguments: what is an error in every subcommand.
#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>

#include "cli/terminal.hpp"
#include "report/exit_code.hpp"
#include "value/diagnostic.hpp"
#include "value/number.hpp"

namespace wsfault::cli {
namespace {

/// The name of an option that was given an empty value.
std::optional<std::string> empty_one(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::vector<std::string>& given = option->results();
    if (option->get_expected_min() > 0 && std::ranges::find(given, "") != given.end())
      return option->get_name();
  }
  for (const CLI::App* subcommand : app.get_subcommands()) {
    if (auto name = empty_one(*subcommand)) return name;
  }
  return std::nullopt;
}

/// All names of the options of a command, with their dashes.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// What was given, and is no option or argument of the command.
void complain_of_extras(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  const std::vector<std::string> extras = app.remaining(true);
  if (extras.empty()) return complain(command->get_name(), "an argument was not expected");
  const auto option = std::ranges::find_if(extras, [](const std::string& each) { return each.starts_with('-'); });
  const std::string& first = option == extras.end() ? extras.front() : *option;
  const std::string name = first.substr(0, first.find('='));
  const std::vector<std::string> known = option_names(*command);
  const std::string_view nearest = nearest_name(name, {known.begin(), known.end()});
  const std::string_view what = name.starts_with('-') ? "there is no option" : "it takes no further argument";
  const std::string meant = nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
  complain(command->get_name(), fmt::format("{} {}{}; --help lists what there is", what, name, meant));
}

}  // namespace

std::optional<int> parse_filled_arguments(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    complain_of_extras(app);
    return report::exit_usage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  return std::nullopt;
}

std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv) {
  if (const auto code = parse_filled_arguments(app, argc, argv)) return code;
  const auto name = empty_one(app);
  if (!name) return std::nullopt;
  complain(app.get_name(), fmt::format("{}: its value is empty; leave it out for the default", *name));
  return report::exit_usage;
}

CLI::Validator is_seed() {
  return CLI::Validator(
      [](const std::string& text) {
        if (number_of<std::uint64_t>(text)) return std::string();
        return fmt::format("\"{}\" is no whole number from 0 to 2^64 - 1", text);
      },
      "");
}

CLI::Validator is_between(double least, double most) {
  return CLI::Validator(
      [least, most](const std::string& text) {
        const auto number = number_of<double>(text);
        if (number && *number >= least && *number <= most) return std::string();
        return fmt::format("\"{}\" is no number from {} to {}", text, least, most);
      },
      fmt::format("[{} - {}]", least, most));
}

}  // namespace wsfault::cli
