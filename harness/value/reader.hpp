// Reads typed members out of a table; every key that was not read is an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/bound.hpp"
#include "value/diagnostic.hpp"
#include "value/result.hpp"
#include "value/units.hpp"
#include "value/value.hpp"

namespace wsfault {

class TableReader {
 public:
  /// `what` names the table in messages: "[[fault]]". A value that is not a table is an error.
  TableReader(const Value& value, Diagnostics& diagnostics, std::string what);

  bool has(std::string_view key) const;
  /// The raw member, marked as read; null if absent.
  const Value* raw(std::string_view key);

  // Each returns none if the member is absent or wrong; a wrong member is an error with its place.
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<double> number(std::string_view key, double low, double high);
  std::optional<Duration> duration(std::string_view key);
  /// One above 0.
  std::optional<Duration> positive_duration(std::string_view key);
  std::optional<std::uint64_t> size(std::string_view key);
  std::optional<Bound<std::int64_t>> count_bound(std::string_view key);
  /// One string or a list of strings.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  /// One of the names.
  std::optional<std::string> one_of(std::string_view key, const std::vector<std::string_view>& names);

  void error(const Value& at, std::string message, std::string hint = {});
  void error(std::string message, std::string hint = {});  ///< at the table itself
  /// Unknown keys become errors, with the nearest known key.
  void finish();
  Diagnostics& diagnostics() { return diagnostics_; }
  Place place() const;

 private:
  void wrong_type(const Value& value, std::string_view key, std::string_view wanted);
  template <typename T>
  std::optional<T> parsed(std::string_view key, std::string_view wanted,
                          Result<T> (*parse)(std::string_view));

  const Value& value_;
  Diagnostics& diagnostics_;
  std::string what_;
  std::vector<std::string> asked_;
};

}  // namespace wsfault
