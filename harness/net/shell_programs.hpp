// Which processes of a tree are the programs that a shell runs: signals are meant for these.
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
  bool is_shell = false;  ///< its command line is the shell's: the shell itself, or a fork of it (a subshell)
  bool has_socket = false;
  std::string input = {};                 ///< of its stdin, as named in /proc: "pipe:[17]"
  std::vector<std::string> outputs = {};  ///< of stdout and stderr
};

/// The living processes below `root`; `command_line` is the shell's, with a NUL after each word.
std::vector<ShellProcess> shell_processes(pid_t root, const std::string& command_line);

/// The programs run by the shell `first` below `root`: `first` itself once it has become a program (exec),
/// else the programs that it and its subshells started. Of a pipeline the filters are left out: processes
/// without a socket if others have one, else processes that read another's output. Empty if none is alive.
std::vector<pid_t> programs_of_shell(std::span<const ShellProcess> processes, pid_t root, pid_t first);

}  // namespace wsfault::net
