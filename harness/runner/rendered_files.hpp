// The files that a system file has made of its templates, in the system's own folder.
#pragma once

#include <map>
#include <string>

#include "model/system.hpp"

namespace wsfault::runner {

/// Makes the folder, and in it each of the system's `files`, its variables replaced. Nothing is written
/// outside of the folder, whatever stands in it. One sentence if one cannot be read or written.
std::string render_files(const model::System& system, const std::string& folder,
                         const std::map<std::string, std::string>& variables);

}  // namespace wsfault::runner
