// What a process tree uses, read from /proc.
#include "runner/usage.hpp"

#include <errno.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "net/process_tree.hpp"
#include "net/shortage.hpp"

namespace wsfault::runner {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(pid_t pid) { return fs::path("/proc") / std::to_string(pid); }

void refuse_shortage(int error) {
  if (net::is_shortage(error))
    throw std::system_error(error, std::generic_category(), "cannot look at the processes of the system");
}

/// proc(5): the second number of statm is the resident set in pages.
std::optional<std::uint64_t> resident_bytes(pid_t pid) {
  errno = 0;
  std::ifstream in(folder_of(pid) / "statm");
  if (!in) refuse_shortage(errno);
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(in >> total >> resident)) return std::nullopt;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t open_sockets(pid_t pid) {
  std::uint64_t sockets = 0;
  std::error_code error;
  for (fs::directory_iterator each(folder_of(pid) / "fd", error), end; !error && each != end;
       each.increment(error)) {
    std::error_code closed_meanwhile;
    const fs::path target = fs::read_symlink(each->path(), closed_meanwhile);
    if (!closed_meanwhile && target.native().starts_with("socket:")) ++sockets;
  }
  refuse_shortage(error.value());
  return sockets;
}

}  // namespace

std::optional<record::UsageSample> usage_of_tree(pid_t root) {
  const auto memory = resident_bytes(root);
  if (!memory) return std::nullopt;
  record::UsageSample sample{*memory, open_sockets(root)};
  const auto processes = net::descendants_of(root);
  refuse_shortage(errno);
  for (const net::ProcessStat& process : processes) {
    sample.memory += resident_bytes(process.pid).value_or(0);
    sample.sockets += open_sockets(process.pid);
  }
  return sample;
}

}  // namespace wsfault::runner
