// The files written by `wsfault init`: a system file, two scenarios and a CI recipe, with comments for first
// readers.
#pragma once

#include <string>
#include <vector>

#include "model/scenario.hpp"

namespace wsfault::cli {

struct Starter {
  model::Role role = model::Role::client;
  std::string name;             ///< of the system
  std::string command;          ///< a shell command; or
  std::string url;              ///< if a gateway or server is already running
  std::string upstream_listen;  ///< for such a gateway
  std::string kind = "http";    ///< for a gateway
  std::string folder;           ///< of all files but the recipe, relative to the project's
  std::string ci = "github";    ///< "github", "gitlab" or "none"
};

struct StarterFile {
  std::string path;  ///< relative to the project's folder
  std::string text;
};

std::vector<StarterFile> starter_files(const Starter& starter);
/// The command that the recipe runs, as typed in the project's folder.
std::string starter_run(const Starter& starter);

}  // namespace wsfault::cli
