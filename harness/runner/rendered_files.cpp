// Paths are opened component by component, and never through a link.
#include "runner/rendered_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "net/file_descriptor.hpp"
#include "scenario/render.hpp"
#include "scenario/templates.hpp"
#include "value/result.hpp"

namespace wsfault::runner {
namespace {

using net::FileDescriptor;

constexpr std::size_t largest_template = 16 * 1024 * 1024;

std::string error_text() { return std::strerror(errno); }

/// Does not wait for a pipe, and does not read a folder as an empty file.
Result<std::string> read_template(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
    return Error{fmt::format("cannot read the template {}: {}", path, error_text())};
  if (!S_ISREG(status.st_mode)) return Error{fmt::format("the template {} is no file", path)};
  std::string text;
  std::string block(64 * 1024, '\0');
  while (true) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error{fmt::format("cannot read the template {}: {}", path, error_text())};
    if (count == 0) return text;
    text.append(block, 0, static_cast<std::size_t>(count));
    if (text.size() > largest_template)
      return Error{fmt::format("the template {} is larger than {} bytes", path, largest_template)};
  }
}

/// The subfolder of that name, created if missing; -1 with errno if that fails.
FileDescriptor folder_in(const FileDescriptor& parent, const std::string& name) {
  ::mkdirat(parent.get(), name.c_str(), 0700);
  return FileDescriptor(
      ::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool write_all(const FileDescriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// One sentence if it cannot.
std::string write_inside(const std::string& folder, const std::string& name, std::string_view text) {
  if (const std::string wrong = scenario::wrong_file_name(name); !wrong.empty())
    return fmt::format("files: \"{}\" {}", name, wrong);
  const std::filesystem::path path = std::filesystem::path(name).lexically_normal();
  FileDescriptor at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const auto& part : path.parent_path()) {
    if (at.get() >= 0) at = folder_in(at, part.string());
  }
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const FileDescriptor file(at.get() < 0 ? -1 : ::openat(at.get(), path.filename().c_str(), flags, 0666));
  if (file.get() >= 0 && write_all(file, text)) return {};
  return fmt::format("cannot write {}/{}: {}", folder, name, error_text());
}

}  // namespace

std::string render_files(const model::System& system, const std::string& folder,
                         const std::map<std::string, std::string>& variables) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fmt::format("cannot make {}: {}", folder, error.message());
  for (const auto& [name, source] : system.files) {
    const std::string path = (std::filesystem::path(system.folder) / source).string();
    const auto text = read_template(path);
    if (!text) return text.error();
    const auto rendered = scenario::render(*text, variables);
    if (!rendered) return fmt::format("{}: {}", path, rendered.error());
    if (std::string wrong = write_inside(folder, name, *rendered); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace wsfault::runner
