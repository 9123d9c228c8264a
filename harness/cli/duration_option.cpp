// Options that take a duration.
#include "cli/duration_option.hpp"

#include <CLI/CLI.hpp>

namespace wsfault::cli {
namespace {

Duration read_duration(const std::string& flag, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) throw CLI::ValidationError(flag, duration.error());
  return *duration;
}

}  // namespace

void add_duration(CLI::App& app, const std::string& flag, Duration& target, const std::string& help) {
  const auto take = [flag, &target](const std::string& text) { target = read_duration(flag, text); };
  app.add_option_function<std::string>(flag, take, help)
      ->type_name("DURATION")
      ->default_str(format_duration(target));
}

void add_duration(CLI::App& app, const std::string& flag, std::optional<Duration>& target,
                  const std::string& help) {
  const auto take = [flag, &target](const std::string& text) { target = read_duration(flag, text); };
  app.add_option_function<std::string>(flag, take, help)->type_name("DURATION");
}

}  // namespace wsfault::cli
