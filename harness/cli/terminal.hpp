// Text for a person at a terminal: bytes from others never reach it as control sequences.
#pragma once

#include <string>
#include <string_view>

namespace wsfault::cli {

/// Prints "wsfault run: SENTENCE" on stderr. Line breaks are kept; other invisible characters are escaped.
void complain(std::string_view command, std::string_view sentence);
/// The same for printed diagnostics, which already name their file.
void complain_of_files(std::string_view diagnostics);
/// Prints to stdout. An error is reported by written_out(), not thrown into running code.
void put(std::string_view text);
/// Flushes stdout and returns the exit code. If stdout could not be written, this is reported, and the code
/// is at least "undecided".
int written_out(int code);

/// False for a terminal without escape sequences (TERM=dumb), and for a file.
bool is_capable_terminal(int descriptor);

}  // namespace wsfault::cli
