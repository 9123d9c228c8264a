// Which processes of a tree are the programs that a shell was asked to run: a signal is meant for them.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace wsfault::net {

/// A process below a keeper, as /proc shows it.
struct ShellProcess {
  pid_t pid = 0;
  pid_t parent = 0;
  bool is_shell = false;  ///< its command line is that of the shell: it, or a fork of it (a subshell)
  bool has_socket = false;
  std::string input = {};                 ///< of its stdin, as /proc names it: "pipe:[17]"
  std::vector<std::string> outputs = {};  ///< of stdout and stderr
};

/// The living processes below `root`; `command_line` is that of the shell, each word with a NUL after it.
std::vector<ShellProcess> shell_processes(pid_t root, const std::string& command_line);

/// What the shell `first` below `root` runs: `first` itself once it has become a program (exec), else what it
/// and its subshells started. Of a pipeline the filters are left out: those without a socket where others
/// have one, else those that are fed by another. Empty where nothing lives.
std::vector<pid_t> programs_of_shell(std::span<const ShellProcess> processes, pid_t root, pid_t first);

}  // namespace wsfault::net
