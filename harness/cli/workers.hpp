// Several processes that do the same at one port, because one may not open enough descriptors.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace wsfault::cli {

/// How many processes that many connections need, each of which costs so many descriptors; at least 1.
std::size_t processes_for(std::size_t connections, std::size_t descriptors_each);

struct Workers {
  std::size_t count = 1;
  /// In each of them; calls `ready` once it listens. Returns its exit code.
  std::function<int(const std::function<void()>& ready)> work;
  std::function<void()> all_ready;
};
/// Until SIGINT, SIGTERM or SIGHUP, which ends all of them, or one of them ends. Every one of them has ended when it
/// returns; they end with this process, however it ends. An exit code: that of the first that fails, or 0.
int run_workers(const Workers& workers);

}  // namespace wsfault::cli
