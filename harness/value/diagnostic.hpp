// Errors in a file, each with its place; all errors of a file are collected, then printed together.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value/value.hpp"

namespace wsfault {

struct Diagnostic {
  Place place;
  std::string message;  ///< what was found and why it is wrong
  std::string hint;     ///< what is allowed, the nearest name; may be empty
};

/// The errors of one source text.
class Diagnostics {
 public:
  Diagnostics(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {}

  void error(Place place, std::string message, std::string hint = {});
  bool ok() const { return errors_.empty(); }
  const std::vector<Diagnostic>& errors() const { return errors_; }
  const std::string& file() const { return file_; }
  /// "file:line:column: error: …", the source line, a caret, the hint; ordered by place.
  std::string print() const;

 private:
  std::string file_;
  std::string text_;
  std::vector<Diagnostic> errors_;
};

/// The candidate with the smallest edit distance, if it is near enough to be a likely typo; else empty.
std::string_view nearest_name(std::string_view found, const std::vector<std::string_view>& candidates);
/// "did you mean "x"? allowed: a, b, c"
std::string suggest(std::string_view found, const std::vector<std::string_view>& candidates);

}  // namespace wsfault
