// Report files: tested before a run, written after it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsfault::cli {

/// An option, and its file; empty: none.
using NamedFiles = std::vector<std::pair<std::string_view, std::string>>;

/// One sentence if one cannot be written, if two are the same file, by whatever path, or if one is among
/// `inputs`, which would be lost. Existing contents are kept.
std::string try_reports(const NamedFiles& files, const std::vector<std::string>& inputs = {});

/// Is it one file, by whatever path? Also correct if neither exists yet.
bool are_one(const std::string& file, const std::string& other);

/// Writes the file; a pipe waits 10 s for its reader. Returns false, after printing the error, if it could
/// not be written.
bool write_report(const std::string& file, const std::string& text);
/// The same, but appends.
bool append_report(const std::string& file, const std::string& text);

}  // namespace wsfault::cli
