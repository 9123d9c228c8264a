// What `wsfault init` writes: a system file, two scenarios and a CI recipe, with comments for who reads them
// first.
#pragma once

#include <string>
#include <vector>

#include "model/scenario.hpp"

namespace wsfault::cli {

struct Starter {
  model::Role role = model::Role::client;
  std::string name;             ///< of the system
  std::string command;          ///< a shell command; or
  std::string url;              ///< where a gateway or server runs already
  std::string upstream_listen;  ///< of such a gateway
  std::string kind = "http";    ///< of a gateway
  std::string folder;           ///< of all but the recipe, relative to the project's
  std::string ci = "github";    ///< "github", "gitlab" or "none"
};

struct StarterFile {
  std::string path;  ///< relative to the project's folder
  std::string text;
};

std::vector<StarterFile> starter_files(const Starter& starter);
/// The command that the recipe runs, as it is typed in the project's folder.
std::string starter_run(const Starter& starter);

}  // namespace wsfault::cli
