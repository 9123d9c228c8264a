// Words, with quotes where needed.
#include "runner/repeat_command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wsfault::runner {
namespace {

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

bool needs_no_quotes(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./:=,@%+").find(c) != std::string_view::npos;
}

std::string with_escapes(std::string_view word) {
  std::string quoted = "$'";
  for (const char c : word) {
    if (is_control(c)) {
      quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "'";
}

/// " --system nginx"; a value that looks like an option is joined to its own with "=".
std::string option_text(const std::string& name, const std::string& value) {
  if (value.starts_with('-')) return ' ' + shell_quoted(name + '=' + value);
  return fmt::format(" {} {}", name, shell_quoted(value));
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, needs_no_quotes)) return std::string(word);
  if (std::ranges::any_of(word, is_control)) return with_escapes(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string repeat_command(const std::string& program, const scenario::LoadedCase& loaded,
                           const AskedOptions& options, std::uint64_t seed, std::string_view subcommand) {
  const std::string& file = loaded.scenario.file;
  std::string command = fmt::format("{} {} {}", shell_quoted(program), subcommand,
                                    shell_quoted(file.starts_with('-') ? "./" + file : file));
  command += option_text("--case", loaded.scenario.id);
  for (const auto& [name, value] : options) command += value.empty() ? ' ' + name : option_text(name, value);
  return command + fmt::format(" --seed {}", seed);
}

}  // namespace wsfault::runner
