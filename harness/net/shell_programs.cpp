// The tree below a keeper, down to the first processes that are not a shell.
#include "net/shell_programs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "net/file_descriptor.hpp"
#include "net/process_tree.hpp"

namespace wsfault::net {
namespace {

std::string link_target(const std::string& path) {
  std::array<char, 256> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

bool holds_socket(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (!open) return false;
  while (const dirent* entry = ::readdir(open.get())) {
    if (link_target(folder + "/" + entry->d_name).starts_with("socket:")) return true;
  }
  return false;
}

/// The content as in proc(5); empty if the process is gone. It may end during the read (ESRCH), which a
/// stream's buffer would turn into an exception.
std::string command_line_of(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/cmdline";
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string line;
  char piece[4096];
  while (file.is_open()) {
    const ssize_t size = ::read(file.get(), piece, sizeof piece);
    if (size <= 0) break;
    line.append(piece, static_cast<std::size_t>(size));
  }
  return line;
}

class Tree {
 public:
  explicit Tree(std::span<const ShellProcess> processes) {
    for (const ShellProcess& process : processes) children_[process.parent].push_back(&process);
  }

  /// Below `parent`, the first processes that are not a shell; a shell without children is about to become
  /// one.
  void add_programs(pid_t parent, std::vector<const ShellProcess*>& found) const {
    for (const ShellProcess* child : children_of(parent)) {
      if (child->is_shell && !children_of(child->pid).empty()) {
        add_programs(child->pid, found);
      } else {
        found.push_back(child);
      }
    }
  }

  bool has_socket(const ShellProcess& process) const {
    return process.has_socket || std::ranges::any_of(children_of(process.pid), [this](const auto* child) {
             return has_socket(*child);
           });
  }

 private:
  const std::vector<const ShellProcess*>& children_of(pid_t pid) const {
    static const std::vector<const ShellProcess*> none;
    const auto found = children_.find(pid);
    return found == children_.end() ? none : found->second;
  }
  std::map<pid_t, std::vector<const ShellProcess*>> children_;
};

bool is_fed(const ShellProcess& process, const std::vector<const ShellProcess*>& others) {
  return process.input.starts_with("pipe:") && std::ranges::any_of(others, [&](const ShellProcess* other) {
           return other != &process && std::ranges::count(other->outputs, process.input) > 0;
         });
}

}  // namespace

std::vector<ShellProcess> shell_processes(pid_t root, const std::string& command_line) {
  std::vector<ShellProcess> result;
  for (const ProcessStat& process : descendants_of(root)) {
    if (process.state == 'Z') continue;
    const std::string folder = "/proc/" + std::to_string(process.pid) + "/fd";
    result.push_back({process.pid,
                      process.parent,
                      command_line_of(process.pid) == command_line,
                      holds_socket(folder),
                      link_target(folder + "/0"),
                      {link_target(folder + "/1"), link_target(folder + "/2")}});
  }
  return result;
}

std::vector<pid_t> programs_of_shell(std::span<const ShellProcess> processes, pid_t root, pid_t first) {
  const auto main = std::ranges::find(processes, first, &ShellProcess::pid);
  if (main != processes.end() && !main->is_shell) return {first};
  const Tree tree(processes);
  std::vector<const ShellProcess*> programs;
  tree.add_programs(root, programs);
  std::vector<const ShellProcess*> meant;
  std::ranges::copy_if(programs, std::back_inserter(meant),
                       [&](const ShellProcess* program) { return tree.has_socket(*program); });
  if (meant.empty()) {
    std::ranges::copy_if(programs, std::back_inserter(meant),
                         [&](const ShellProcess* program) { return !is_fed(*program, programs); });
  }
  if (meant.empty()) meant = programs;
  std::vector<pid_t> pids;
  std::ranges::transform(meant, std::back_inserter(pids), &ShellProcess::pid);
  return pids;
}

}  // namespace wsfault::net
