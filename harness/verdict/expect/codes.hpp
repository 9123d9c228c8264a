// Sets of close codes and HTTP statuses, as expectations write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/system.hpp"
#include "value/reader.hpp"
#include "value/schema.hpp"

namespace wsfault::verdict {

/// "any", or codes and ranges.
struct Codes {
  bool any = false;
  std::vector<model::CodeRange> ranges;
  bool contains(int code) const;
};
/// "1006", "1000-1003 or 1006", "any".
std::string to_string(const Codes& codes);

/// What may be written.
struct CodeSpace {
  int lowest;
  int highest;
  bool has_classes;        ///< "5xx"
  std::string_view takes;  ///< for errors
};
std::optional<Codes> read_codes(TableReader& table, std::string_view key, const CodeSpace& space);
/// A code, a range, a list of these, or one of the words ("any|empty").
schema::Object codes_schema(const CodeSpace& space, std::string_view words);

}  // namespace wsfault::verdict
