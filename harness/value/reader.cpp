// TableReader: typed members, their ranges, and unknown keys.
#include "value/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace wsfault {
namespace {

std::string range_of(std::int64_t low, std::int64_t high) {
  if (high == std::numeric_limits<std::int64_t>::max()) return fmt::format("at least {}", low);
  if (low == std::numeric_limits<std::int64_t>::min()) return fmt::format("at most {}", high);
  return fmt::format("between {} and {}", low, high);
}

std::string range_of(double low, double high) {
  if (high >= std::numeric_limits<double>::max()) return fmt::format("at least {}", low);
  if (low <= std::numeric_limits<double>::lowest()) return fmt::format("at most {}", high);
  return fmt::format("between {} and {}", low, high);
}

}  // namespace

TableReader::TableReader(const Value& value, Diagnostics& diagnostics, std::string what)
    : value_(value), diagnostics_(diagnostics), what_(std::move(what)) {
  if (value_.table() == nullptr)
    error(fmt::format("{} must be a table, found {}", what_, value_.type_name()));
}

bool TableReader::has(std::string_view key) const { return value_.find(key) != nullptr; }

const Value* TableReader::raw(std::string_view key) {
  if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
  return value_.find(key);
}

void TableReader::wrong_type(const Value& value, std::string_view key, std::string_view wanted) {
  error(value, fmt::format("\"{}\" must be {}, found {}", key, wanted, value.type_name()));
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  if (const std::string* text = value->text()) return *text;
  wrong_type(*value, key, "a string");
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  if (const bool* boolean = value->boolean()) return *boolean;
  wrong_type(*value, key, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  const std::int64_t* integer = value->integer();
  if (integer == nullptr) {
    wrong_type(*value, key, "an integer");
  } else if (*integer < low || *integer > high) {
    error(*value, fmt::format("\"{}\" must be {}, found {}", key, range_of(low, high), *integer));
  } else {
    return *integer;
  }
  return std::nullopt;
}

std::optional<double> TableReader::number(std::string_view key, double low, double high) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  std::optional<double> number;
  if (const double* real = value->real()) number = *real;
  if (const std::int64_t* integer = value->integer()) number = static_cast<double>(*integer);
  if (!number) {
    wrong_type(*value, key, "a number");
  } else if (!(*number >= low && *number <= high)) {
    error(*value, fmt::format("\"{}\" must be {}, found {}", key, range_of(low, high), *number));
    number.reset();
  }
  return number;
}

/// A text, read by a parser whose error is reported with the member's place.
template <typename T>
std::optional<T> TableReader::parsed(std::string_view key, std::string_view wanted,
                                     Result<T> (*parse)(std::string_view)) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  const std::string* text = value->text();
  if (text == nullptr) {
    wrong_type(*value, key, wanted);
    return std::nullopt;
  }
  Result<T> content = parse(*text);
  if (content) return *std::move(content);
  error(*value, fmt::format("\"{}\" = \"{}\": {}", key, *text, content.error()));
  return std::nullopt;
}

std::optional<Duration> TableReader::duration(std::string_view key) {
  return parsed<Duration>(key, "a duration like \"250ms\"", parse_duration);
}

std::optional<Duration> TableReader::positive_duration(std::string_view key) {
  std::optional<Duration> found = duration(key);
  if (!found || *found > Duration(0)) return found;
  error(*value_.find(key),
        fmt::format("\"{}\" must be above 0, found \"{}\"", key, *value_.find(key)->text()));
  return std::nullopt;
}

std::optional<std::uint64_t> TableReader::size(std::string_view key) {
  if (const Value* value = raw(key); value != nullptr && value->integer() != nullptr) {
    if (*value->integer() >= 0) return static_cast<std::uint64_t>(*value->integer());
    error(*value, fmt::format("\"{}\" must be at least 0, found {}", key, *value->integer()));
    return std::nullopt;
  }
  return parsed<std::uint64_t>(key, "a size like \"64KiB\"", parse_size);
}

std::optional<Bound<std::int64_t>> TableReader::count_bound(std::string_view key) {
  if (const Value* value = raw(key); value != nullptr && value->integer() != nullptr) {
    if (*value->integer() >= 0) return Bound<std::int64_t>::exactly(*value->integer());
    error(*value, fmt::format("\"{}\" must be at least 0, found {}", key, *value->integer()));
    return std::nullopt;
  }
  return parsed<Bound<std::int64_t>>(key, R"(an integer or a bound like "<=3")", parse_count_bound);
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key) {
  const Value* value = raw(key);
  if (value == nullptr) return std::nullopt;
  if (const std::string* text = value->text()) return std::vector{*text};
  const Value::Array* list = value->array();
  if (list == nullptr) {
    wrong_type(*value, key, "a string or a list of strings");
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const Value& element : *list) {
    if (const std::string* text = element.text()) {
      texts.push_back(*text);
    } else {
      wrong_type(element, key, "a list of strings");
    }
  }
  if (texts.size() != list->size()) return std::nullopt;
  return texts;
}

std::optional<std::string> TableReader::one_of(std::string_view key,
                                               const std::vector<std::string_view>& names) {
  std::optional<std::string> found = text(key);
  if (!found || std::ranges::find(names, *found) != names.end()) return found;
  error(*value_.find(key), fmt::format("\"{}\" cannot be \"{}\"", key, *found), suggest(*found, names));
  return std::nullopt;
}

void TableReader::error(const Value& at, std::string message, std::string hint) {
  diagnostics_.error(at.place, std::move(message), std::move(hint));
}

void TableReader::error(std::string message, std::string hint) {
  diagnostics_.error(value_.place, std::move(message), std::move(hint));
}

void TableReader::finish() {
  const Value::Table* members = value_.table();
  if (members == nullptr) return;
  std::vector<std::string_view> allowed(asked_.begin(), asked_.end());
  std::ranges::sort(allowed);
  for (const Value::Member& member : *members) {
    if (std::ranges::binary_search(allowed, std::string_view(member.key))) continue;
    diagnostics_.error(member.place, fmt::format("unknown key \"{}\" in {}", member.key, what_),
                       suggest(member.key, allowed));
  }
}

Place TableReader::place() const { return value_.place; }

}  // namespace wsfault
