// What the reference client reports about itself: one JSON object per line.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "value/units.hpp"

namespace wsfault::reference {

/// Called with one line without its newline, as soon as the event happened.
using ReportLine = std::function<void(std::string_view line)>;

/// The end of a connection, or of an attempt that never opened, as browsers report it.
struct CloseReport {
  int code = 1006;
  std::string reason;  ///< UTF-8
  bool clean = false;
  bool operator==(const CloseReport&) const = default;
};

std::string open_line();
/// `{"event":"message","text":…}` if it is a text message of valid UTF-8, else `"hex"`.
std::string message_line(std::string_view payload, bool is_text);
std::string error_line(std::string_view message, std::optional<int> status);
std::string close_line(const CloseReport& close);
/// Rounded to whole milliseconds.
std::string reconnecting_line(Duration delay, int attempt);

/// Writes the line to stdout and flushes it.
void print_line(std::string_view line);

}  // namespace wsfault::reference
