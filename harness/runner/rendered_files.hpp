// The files that are rendered from a system file's templates, in the system's own folder.
#pragma once

#include <map>
#include <string>

#include "model/system.hpp"

namespace wsfault::runner {

/// Creates the folder, and in it each of the system's `files`, with variables replaced. Nothing is written
/// outside the folder, whatever it contains. One sentence if a file cannot be read or written.
std::string render_files(const model::System& system, const std::string& folder,
                         const std::map<std::string, std::string>& variables);

}  // namespace wsfault::runner
