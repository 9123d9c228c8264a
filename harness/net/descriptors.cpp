// getrlimit(2), setrlimit(2) and /proc/self/fd.
#include "net/descriptors.hpp"

#include <dirent.h>
#include <sys/resource.h>

#include <memory>
#include <optional>

namespace wsfault::net {
namespace {

/// As the process inherited it. A forked child has a copy of this variable.
std::optional<rlimit> given;

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (given || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  given = limit;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // if it is refused, the run uses the present limit
}

void restore_descriptor_limit() {
  if (given) ::setrlimit(RLIMIT_NOFILE, &*given);
}

std::size_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return 0;
  std::size_t entries = 0;
  while (::readdir(folder.get()) != nullptr) ++entries;
  return entries - 3;  // ".", ".." and the descriptor of the folder itself
}

}  // namespace wsfault::net
