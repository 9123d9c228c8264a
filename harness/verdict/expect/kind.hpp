// The row of a kind of expectation; each kind is one file, which ends in its row.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "value/schema.hpp"
#include "verdict/expect/answer.hpp"

namespace wsfault::verdict {

/// None if it is wrong, which is an error with its place.
using Read = std::optional<Expected>;

/// A key that narrows a kind of expectation.
struct Narrowing {
  std::string_view key;
  schema::Object schema;
  std::string_view meaning;
};

struct ExpectationKind {
  std::string_view key;    ///< that names the kind
  std::string_view value;  ///< what it takes
  std::string_view holds;  ///< when it holds
  /// Reads the value under `key` and what narrows it.
  Read (*read)(TableReader& table, std::string_view key) = nullptr;
  schema::Object schema;
  std::vector<Narrowing> narrowings = {};
  bool needs_for = false;      ///< it always holds over a time
  bool only_in_never = false;  ///< it stands in `never` alone
};

/// All kinds, in the order of docs/scenarios.md, then `never` (which reads none of its own).
const std::vector<ExpectationKind>& expectation_kinds();

/// Joins a value with how it is put (`phrase`) and looked for (`look`), functions of its kind's file.
template <typename T>
Expected expected(T value, Nature nature = {}) {
  std::string text = phrase(value);
  auto look_at = [value = std::move(value)](const Question& question) -> Look {
    return look(question, value);
  };
  return {{}, std::move(text), std::move(look_at), std::move(nature)};
}

}  // namespace wsfault::verdict
