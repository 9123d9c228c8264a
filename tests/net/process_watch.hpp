// Watches processes that are not our children. There is only /proc for this, so it is polled, with a generous
// deadline.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "net/process_tree.hpp"

namespace wsfault::net {

/// R, S, T, Z …; '-' if there is no such process.
inline char process_state(pid_t pid) {
  for (const ProcessStat& process : list_processes())
    if (process.pid == pid) return process.state;
  return '-';
}

/// Polls until it is true; false if it is still not after half a minute.
inline bool comes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline bool all_gone(const std::vector<pid_t>& pids) {
  return std::ranges::all_of(pids, [](pid_t pid) { return process_state(pid) == '-'; });
}

}  // namespace wsfault::net
