// `files` of a system file: templates, and the files rendered from them in ${dir}.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value/reader.hpp"

namespace wsfault::scenario {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// A table of texts under that key; any other member is an error. `what` names a member in messages.
TextPairs read_texts(TableReader& reader, std::string_view key, std::string_view what);

/// `files`: the name of each file below ${dir}, and its template. A name that leads out of ${dir}, and a
/// template that exists but is not a file, are errors. Templates are relative to `folder`.
TextPairs read_templates(TableReader& reader, const std::string& folder);

/// Why a file of that name cannot be created below ${dir}: the end of a sentence; empty: it can.
std::string wrong_file_name(std::string_view name);

}  // namespace wsfault::scenario
