// The attributes of a fault: keys of its table, whose values go to members of the struct that its entry
// declares.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "value/reader.hpp"
#include "wire/handshake.hpp"

namespace wsfault::fault {

struct Entry;

/// In the order of the alternatives of AttributeValue, then one of several names.
enum class AttributeType {
  duration,
  size,
  integer,
  number,
  boolean,
  text,
  headers,
  command,
  durations,
  one_of
};

/// The value of an attribute, checked; one of several names is a text.
using AttributeValue = std::variant<Duration, std::size_t, std::int64_t, double, bool, std::string,
                                    wire::Headers, std::vector<std::string>, std::vector<Duration>>;

struct Attribute {
  std::string_view name;
  AttributeType type = AttributeType::text;  ///< in the catalogue: that of the member
  std::string_view fallback;  ///< default as written in TOML without quotes; empty: required unless optional
  bool optional = false;      ///< may be left out, with no default
  double low = 0;             ///< of integer and number; of size if `high` is not 0
  double high = 0;
  bool above_zero = false;              ///< of a duration, or of each in a list
  std::vector<std::string_view> names;  ///< of one_of, in the catalogue those of the member; of some integers
  std::string_view doc;
  // The member, in the struct of all the fault's attributes; null outside of the catalogue.
  std::function<void(std::any& own, const AttributeValue& value)> set = nullptr;
  /// None if it was left out.
  std::function<std::optional<AttributeValue>(const std::any& own)> get = nullptr;
};

/// The struct of the entry's attributes: checked, defaults filled in. A wrong or missing attribute is an
/// error.
std::any read_attributes(TableReader& table, const Entry& entry);

/// "a duration", "one of: ssh, tls" … for lists and docs.
std::string describe_type(const Attribute& attribute);

}  // namespace wsfault::fault
