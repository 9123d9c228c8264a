// What a person at a terminal is shown: never bytes of others that a terminal would obey.
#pragma once

#include <string>
#include <string_view>

namespace wsfault::cli {

/// "wsfault run: SENTENCE" on stderr. Lines stay; all else that is not visible is spelt out.
void complain(std::string_view command, std::string_view sentence);
/// The same of printed diagnostics, which name their file themselves.
void complain_of_files(std::string_view diagnostics);
/// Prints to stdout. Where that fails written_out() says so: nothing is thrown into what runs.
void put(std::string_view text);
/// The exit code, once stdout has been written out: where it could not be, that is said, and is undecided at
/// least.
int written_out(int code);

/// Neither a terminal that knows no escape sequences (TERM=dumb) nor a file.
bool is_capable_terminal(int descriptor);

}  // namespace wsfault::cli
