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

/// Reads the text of /proc/PID/stat. The name in parentheses may hold anything, spaces and ")" too.
std::optional<ProcessStat> parse_stat(std::string_view text);

/// Of that process; none where it is gone.
std::optional<ProcessStat> process_stat(pid_t pid);

/// Every process that /proc shows; those that end meanwhile may be missing.
std::vector<ProcessStat> list_processes();

/// What descends from `root`, without `root`, parents before their children. The processes in `spared` and
/// what descends from them are left out.
std::vector<ProcessStat> descendants(std::span<const ProcessStat> processes, pid_t root,
                                     std::span<const pid_t> spared = {});

/// Sends SIGKILL once to every descendant of the calling process and says how many there were. Repeat it,
/// reaping in between, until it says 0: what forks faster than this is caught in a later pass.
std::size_t kill_descendants(std::span<const pid_t> spared = {});

}  // namespace wsfault::net
