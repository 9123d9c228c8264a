// The JSON of a request's body as a value tree in which every value has a place of its own: a JSON pointer (RFC 6901).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value/diagnostic.hpp"
#include "value/result.hpp"
#include "value/value.hpp"

namespace wsfault::control {

struct JsonBody {
  Value value;
  std::vector<std::string> pointers;  ///< by `line` of a place, less 1

  /// Empty: the whole body.
  std::string pointer_to(Place place) const;
};

/// The error is one sentence. An empty body is an empty object.
Result<JsonBody> read_json(std::string_view text);

}  // namespace wsfault::control
