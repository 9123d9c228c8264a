// What a person sees of a run while it goes on: warnings, cases as they end, a live line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/secrets.hpp"
#include "report/console.hpp"
#include "runner/schedule.hpp"

namespace wsfault::cli {

/// Prints "wsfault run: warning: SENTENCE" for each.
void warn(std::string_view command, const std::vector<std::string>& sentences);
/// Colour only on a terminal that supports it, and without NO_COLOR (no-color.org).
report::Style chosen_style(bool verbose, bool brief = false);
/// Prints the live line on a terminal that can erase it, and cases as they end.
runner::ScheduleWatcher console_watcher(const report::Style& style, Secrets secrets = {});
/// Erases the live line.
void end_live_line();

}  // namespace wsfault::cli
