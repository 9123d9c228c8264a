// The processes below one process, read from /proc.
#include "net/process_tree.hpp"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "net/file_descriptor.hpp"
#include "net/shortage.hpp"

namespace wsfault::net {
namespace {

std::optional<pid_t> take_number(std::string_view text) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return number;
}

std::optional<ProcessStat> read_stat(const char* pid) {
  const std::string path = std::string("/proc/") + pid + "/stat";
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;
  char text[512];  // the needed fields come first
  const ssize_t size = ::read(file.get(), text, sizeof text);
  if (size <= 0) return std::nullopt;
  return parse_stat({text, static_cast<std::size_t>(size)});
}

/// Whether this kernel has them (CONFIG_PROC_CHILDREN).
bool has_children_files() {
  static const bool has = ::access("/proc/thread-self/children", R_OK) == 0;
  return has;
}

/// Of one thread.
void add_children(const std::string& file, std::vector<pid_t>& to) {
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char part[4096];
  ssize_t size = 0;
  while (descriptor.is_open() && (size = ::read(descriptor.get(), part, sizeof part)) > 0)
    text.append(part, static_cast<std::size_t>(size));
  std::string_view rest = text;
  while (const auto pid = take_number(rest)) {
    to.push_back(*pid);
    rest.remove_prefix(std::min(rest.find(' '), rest.size() - 1) + 1);
  }
}

/// Of all its threads: each has those that it forked.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> result;
  const std::string threads = "/proc/" + std::to_string(pid) + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(threads.c_str()), ::closedir);
  if (!folder) return result;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (take_number(entry->d_name)) add_children(threads + "/" + entry->d_name + "/children", result);
  }
  return result;
}

}  // namespace

std::optional<ProcessStat> parse_stat(std::string_view text) {
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 >= text.size()) return std::nullopt;
  const auto pid = take_number(text);
  const auto parent = take_number(text.substr(name_end + 4));
  if (!pid || !parent) return std::nullopt;
  return ProcessStat{*pid, *parent, text[name_end + 2]};
}

std::optional<ProcessStat> process_stat(pid_t pid) { return read_stat(std::to_string(pid).c_str()); }

std::vector<ProcessStat> list_processes() {
  std::vector<ProcessStat> result;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  if (!folder) return result;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (!take_number(entry->d_name)) continue;
    if (const auto stat = read_stat(entry->d_name)) result.push_back(*stat);
  }
  return result;
}

std::vector<ProcessStat> descendants(std::span<const ProcessStat> processes, pid_t root,
                                     std::span<const pid_t> spared) {
  std::multimap<pid_t, ProcessStat> by_parent;
  for (const ProcessStat& process : processes) {
    const bool is_spared = std::ranges::find(spared, process.pid) != spared.end();
    // A listing is not a snapshot: with a reused pid it could contain a cycle if the root were not left out.
    if (!is_spared && process.pid != root) by_parent.emplace(process.parent, process);
  }
  std::vector<ProcessStat> result;
  const auto take_children = [&](pid_t parent) {
    const auto [first, last] = by_parent.equal_range(parent);
    for (auto child = first; child != last; ++child) result.push_back(child->second);
    by_parent.erase(first, last);
  };
  take_children(root);
  for (std::size_t i = 0; i < result.size(); ++i) take_children(result[i].pid);
  return result;
}

std::vector<ProcessStat> descendants_of(pid_t root, std::span<const pid_t> spared) {
  if (!has_children_files()) return descendants(list_processes(), root, spared);
  std::vector<ProcessStat> result;
  std::vector<pid_t> parents{root};
  std::set<pid_t> seen(spared.begin(), spared.end());
  seen.insert(root);
  errno = 0;
  for (std::size_t i = 0; i < parents.size() && !is_shortage(errno); ++i) {
    for (const pid_t child : children_of(parents[i])) {
      if (!seen.insert(child).second) continue;
      parents.push_back(child);
      if (const auto stat = process_stat(child)) result.push_back(*stat);
      if (is_shortage(errno)) return result;
    }
  }
  if (!is_shortage(errno)) errno = 0;
  return result;
}

std::size_t kill_descendants(std::span<const pid_t> spared) {
  const auto found = descendants_of(::getpid(), spared);
  for (const ProcessStat& process : found) ::kill(process.pid, SIGKILL);
  return found.size();
}

}  // namespace wsfault::net
