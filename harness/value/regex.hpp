// Regular expressions (RE2: linear time), and texts that may be regular expressions: "plain" or "/regex/".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/result.hpp"

namespace re2 {
class RE2;
}

namespace wsfault {

class Regex {
 public:
  static Result<Regex> compile(std::string_view pattern);
  bool search(std::string_view text) const;
  /// Named groups of the first match; none if it does not match.
  std::optional<std::map<std::string, std::string>> groups(std::string_view text) const;
  /// The first named group of the first match, or group 1 where none has a name; none if that group took no
  /// part in the match.
  std::optional<std::string> first_group(std::string_view text) const;
  std::vector<std::string> group_names() const;
  bool has_group() const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
  std::shared_ptr<const re2::RE2> regex_;
};

/// "text" matches the whole text exactly; "/regex/" matches anywhere in the text.
class TextPattern {
 public:
  static Result<TextPattern> parse(std::string_view text);
  bool matches(std::string_view text) const;
  bool is_regex() const { return regex_.has_value(); }
  std::map<std::string, std::string> captures(std::string_view text) const;
  std::vector<std::string> group_names() const;
  std::string to_string() const;

 private:
  std::string exact_;
  std::optional<Regex> regex_;
};

}  // namespace wsfault
