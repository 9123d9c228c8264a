// Regular expressions on RE2, and texts that may be regular expressions.
#include "value/regex.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cassert>

namespace wsfault {
namespace {

/// Group 0 and all other groups of the first match; empty if it does not match.
std::vector<re2::StringPiece> first_match(const re2::RE2& regex, std::string_view text) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece subject(text.data(), text.size());
  const bool found = regex.Match(subject, 0, subject.size(), re2::RE2::UNANCHORED, groups.data(),
                                 static_cast<int>(groups.size()));
  if (!found) groups.clear();
  return groups;
}

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  Regex compiled;
  compiled.pattern_ = pattern;
  compiled.regex_ =
      std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled.regex_->ok()) {
    return Error{fmt::format("not a regular expression (RE2): {}", compiled.regex_->error())};
  }
  return compiled;
}

bool Regex::search(std::string_view text) const {
  assert(regex_ != nullptr);
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

std::optional<std::map<std::string, std::string>> Regex::groups(std::string_view text) const {
  assert(regex_ != nullptr);
  const std::vector<re2::StringPiece> found = first_match(*regex_, text);
  if (found.empty()) return std::nullopt;
  std::map<std::string, std::string> named;
  for (const auto& [name, number] : regex_->NamedCapturingGroups()) {
    named.emplace(name, std::string(found[static_cast<std::size_t>(number)]));
  }
  return named;
}

std::optional<std::string> Regex::first_group(std::string_view text) const {
  assert(regex_ != nullptr);
  const std::vector<re2::StringPiece> found = first_match(*regex_, text);
  const auto& names = regex_->CapturingGroupNames();
  const std::size_t wanted = names.empty() ? 1 : static_cast<std::size_t>(names.begin()->first);
  // A group that took no part in the match has no data.
  if (found.size() <= wanted || found[wanted].data() == nullptr) return std::nullopt;
  return std::string(found[wanted]);
}

bool Regex::has_group() const {
  assert(regex_ != nullptr);
  return regex_->NumberOfCapturingGroups() > 0;
}

std::vector<std::string> Regex::group_names() const {
  assert(regex_ != nullptr);
  std::vector<std::string> names;
  for (const auto& [number, name] : regex_->CapturingGroupNames()) names.push_back(name);
  return names;
}

Result<TextPattern> TextPattern::parse(std::string_view text) {
  TextPattern pattern;
  if (text.size() < 2 || !text.starts_with('/') || !text.ends_with('/')) {
    pattern.exact_ = text;
    return pattern;
  }
  if (text.size() == 2) return Error{"an empty regular expression matches everything"};
  Result<Regex> regex = Regex::compile(text.substr(1, text.size() - 2));
  if (!regex) return Error{regex.error()};
  pattern.regex_ = *std::move(regex);
  return pattern;
}

bool TextPattern::matches(std::string_view text) const {
  return regex_ ? regex_->search(text) : text == exact_;
}

std::map<std::string, std::string> TextPattern::captures(std::string_view text) const {
  if (!regex_) return {};
  return regex_->groups(text).value_or(std::map<std::string, std::string>{});
}

std::vector<std::string> TextPattern::group_names() const {
  return regex_ ? regex_->group_names() : std::vector<std::string>{};
}

std::string TextPattern::to_string() const { return regex_ ? "/" + regex_->pattern() + "/" : exact_; }

}  // namespace wsfault
