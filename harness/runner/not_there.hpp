// What a command line asks for and no file has: wrong roles, unknown tags, names and settings.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/system.hpp"

namespace wsfault::runner {

struct Selection;

/// What the selected files have, before tags, names and cases choose among them.
struct WhatThereIs {
  std::vector<std::string> files;
  std::set<model::Role> roles;  ///< of all files
  std::set<std::string> tags;   ///< of all files
  std::set<std::string> ids;    ///< of the cases that some system can take the seat of
  std::set<std::string> names;  ///< that --set may mean in these files
  bool taken = false;           ///< a file has the role of some system
};

/// One sentence on the first thing that is asked for and not there: a role, a tag, a text of no id, a case.
/// Empty: all is there, though together they may still choose nothing.
std::string not_there(const Selection& selection, const std::vector<model::System>& systems,
                      const WhatThereIs& there);

/// One sentence for each --set that names nothing: neither `names`, nor a trait, standard or of these
/// systems.
std::vector<std::string> unknown_settings(const std::map<std::string, std::string>& set,
                                          const std::set<std::string>& names,
                                          const std::vector<model::System>& systems);

}  // namespace wsfault::runner
