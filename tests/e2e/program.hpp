// Runs the wsfault program as a user would, and finds every process that descends from it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace wsfault::e2e {

struct Finished {
  int code = 0;     ///< exit code, or -signal
  std::string out;  ///< stdout and stderr
};

/// A new folder that is removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// Writes a file in it; its path.
  std::string write(const std::string& name, const std::string& text) const;
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  std::filesystem::path path_;
};

/// The program with a mark in its environment, which all its descendants inherit, and its own TMPDIR.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end and all its output, a minute at most.
  Finished wait();
  /// Living processes that carry the mark, the program's own included.
  std::vector<pid_t> marked() const;
  /// True if its TMPDIR is empty.
  bool left_no_folder() const { return temporary_.empty(); }

 private:
  std::string mark_;
  Folder temporary_;
  Folder output_;
  pid_t pid_ = 0;
};

/// Runs it to its end.
Finished run_program(std::vector<std::string> arguments);

/// A port of 127.0.0.1 on which nobody listens.
std::uint16_t free_port();
bool has(const std::string& text, std::string_view part);
/// The whole contents of a file.
std::string text_of(const std::filesystem::path& file);

/// Polls until it is true; false after `limit`. For the actions of other processes, which cause no event
/// here.
bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace wsfault::e2e
