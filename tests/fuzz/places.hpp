// What must be true of the errors of any file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "property.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::fuzz {

/// Of a file that was refused: at least one error has a place, and every place is inside the file. The end of
/// the file, after its last line, counts.
inline void require_places(const Diagnostics& diagnostics, std::string_view text) {
  require(!diagnostics.ok(), "a file that is refused has an error");
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  bool somewhere = false;
  for (const Diagnostic& error : diagnostics.errors()) {
    require(!error.message.empty(), "an error has words");
    require(error.place.line >= 0 && error.place.line <= lines, "the line of an error is in the file");
    if (error.place.line == 0) continue;
    somewhere = true;
    std::string_view rest = text;
    for (int line = 1; line < error.place.line; ++line) rest.remove_prefix(rest.find('\n') + 1);
    const auto length = static_cast<int>(rest.substr(0, rest.find('\n')).size());
    require(error.place.column >= 0 && error.place.column <= length + 1,
            "the column of an error is in its line");
  }
  require(somewhere, "a file that is refused has an error with a place");
  require(!diagnostics.print().empty(), "errors are printed");
}

}  // namespace wsfault::fuzz
