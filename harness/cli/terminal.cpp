// stdio without exceptions.
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "report/escape.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {
namespace {

std::string visible_lines(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += report::printable(text.substr(0, end));
    if (end == text.size()) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

/// If stderr cannot be written, there is nowhere to report it.
void put_on_stderr(const std::string& text) { std::fputs(text.c_str(), stderr); }

}  // namespace

void complain(std::string_view command, std::string_view sentence) {
  put_on_stderr(fmt::format("{}: {}\n", command, visible_lines(sentence)));
}

void complain_of_files(std::string_view diagnostics) {
  if (diagnostics.empty()) return;
  // Errors in a file are several lines, an error in an option is one sentence.
  if (!diagnostics.ends_with('\n')) return complain("wsfault", diagnostics);
  put_on_stderr(visible_lines(diagnostics));
}

void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int written_out(int code) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return code;
  complain("wsfault", fmt::format("cannot write to stdout: {}",
                                  errno == 0 ? "what was printed is not whole" : std::strerror(errno)));
  return report::most_urgent({code, report::exit_undecided});
}

bool is_capable_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  const bool knows_escapes = kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
  return knows_escapes && isatty(descriptor) == 1;
}

}  // namespace wsfault::cli
