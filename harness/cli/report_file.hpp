// Report files: tried before a run, written after it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsfault::cli {

/// An option, and the file that it names; empty: none.
using NamedFiles = std::vector<std::pair<std::string_view, std::string>>;

/// One sentence where one cannot be written, where two are the same file, by whatever path, or where one is
/// among `inputs`, which would be lost. What is in a file stays.
std::string try_reports(const NamedFiles& files, const std::vector<std::string>& inputs = {});

/// False where it could not be written, which is said.
bool write_report(const std::string& file, const std::string& text);
/// The same after what is in it.
bool append_report(const std::string& file, const std::string& text);

}  // namespace wsfault::cli
