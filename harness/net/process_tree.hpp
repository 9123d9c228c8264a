// The processes below one process, read from /proc.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace wsfault::net {

struct ProcessStat {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';  ///< proc(5): R, S, D, T (stopped), Z (zombie) …

  friend bool operator==(const ProcessStat&, const ProcessStat&) = default;
};

/// Parses the text of /proc/PID/stat. The name in parentheses may contain anything, including spaces and ")".
std::optional<ProcessStat> parse_stat(std::string_view text);

/// The entry of that process; none if it is gone.
std::optional<ProcessStat> process_stat(pid_t pid);

/// Every process listed in /proc; processes that end meanwhile may be missing.
std::vector<ProcessStat> list_processes();

/// The descendants of `root`, without `root`, parents before their children. The processes in `spared` and
/// their descendants are left out.
std::vector<ProcessStat> descendants(std::span<const ProcessStat> processes, pid_t root,
                                     std::span<const pid_t> spared = {});

/// The descendants of `root` as they are now, in the same way. It reads their /proc/PID/task/TID/children (proc(5)),
/// where the kernel has those, so that the machine's other processes cost nothing: a child of the caller itself is never
/// missing, others may be while their brothers end. It stops where descriptors run out, and errno says so; else errno
/// is 0.
std::vector<ProcessStat> descendants_of(pid_t root, std::span<const pid_t> spared = {});

/// Sends SIGKILL once to every descendant of the calling process and returns how many there were. Repeat it,
/// reaping in between, until it returns 0: a process that forks faster is caught in a later pass.
std::size_t kill_descendants(std::span<const pid_t> spared = {});

}  // namespace wsfault::net
