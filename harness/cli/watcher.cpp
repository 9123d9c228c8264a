#include "cli/watcher.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "cli/terminal.hpp"
#include "report/case_text.hpp"

namespace wsfault::cli {
namespace {

bool live_line_shown = false;

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

void warn(std::string_view command, const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) complain(command, "warning: " + sentence);
}

report::Style chosen_style(bool verbose, bool brief) {
  const char* no_color = std::getenv("NO_COLOR");
  return {.colour = is_capable_terminal(STDOUT_FILENO) && (no_color == nullptr || *no_color == '\0'),
          .verbose = verbose,
          .brief = brief};
}

void end_live_line() {
  if (std::exchange(live_line_shown, false)) fmt::print(stderr, "\r\x1b[K");
}

runner::ScheduleWatcher console_watcher(const report::Style& style, Secrets secrets) {
  runner::ScheduleWatcher watcher;
  watcher.finished = [style, secrets](report::CaseResult& result) {
    if (!secrets.empty()) result = masked(std::move(result), secrets);
    report::explain(result);
    const std::string text = report::print_case(result, style);
    if (text.empty()) return;
    end_live_line();
    put(text);
    std::fflush(stdout);
  };
  watcher.note = [secrets](const std::string& sentence) { complain("wsfault", masked(sentence, secrets)); };
  if (is_capable_terminal(STDERR_FILENO)) {
    watcher.progress = [secrets = std::move(secrets)](report::Progress progress) {
      progress.longest = masked(progress.longest, secrets);
      fmt::print(stderr, "\r\x1b[K{}", report::progress_line(progress, terminal_columns() - 1));
      std::fflush(stderr);
      live_line_shown = true;
    };
  }
  return watcher;
}

}  // namespace wsfault::cli
