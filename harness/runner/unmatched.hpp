// Requests on the command line that no file satisfies: wrong roles, unknown tags, names and settings.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/system.hpp"

namespace wsfault::runner {

struct Selection;

/// The contents of the selected files, before tags, names and cases are applied.
struct Available {
  std::vector<std::string> files;
  std::set<model::Role> roles;  ///< of all files
  std::set<std::string> tags;   ///< of all files
  std::set<std::string> ids;    ///< of the cases that some system can run
  std::set<std::string> names;  ///< names that --set may use in these files
  bool taken = false;           ///< a file has the role of one of the systems
};

/// One sentence on the first request that matches nothing: a role, a tag, a part of an id, a case. Empty:
/// each matches something, though together they may still select nothing.
std::string unmatched(const Selection& selection, const std::vector<model::System>& systems,
                      const Available& there);

/// One sentence for each unknown name in --set: not in `names`, and not a trait, standard or of these
/// systems.
std::vector<std::string> unknown_settings(const std::map<std::string, std::string>& set,
                                          const std::set<std::string>& names,
                                          const std::vector<model::System>& systems);

}  // namespace wsfault::runner
