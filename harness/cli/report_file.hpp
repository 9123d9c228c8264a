// Report files: tried before a run, written after it.
#pragma once

#include <string>

namespace wsfault::cli {

/// One sentence where it cannot be written; empty: it can, or no file is meant. What is in it stays.
std::string try_report(const std::string& file);

/// False where it could not be written, which is said.
bool write_report(const std::string& file, const std::string& text);
/// The same behind what is in it.
bool append_report(const std::string& file, const std::string& text);

}  // namespace wsfault::cli
