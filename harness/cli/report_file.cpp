// Report files: tested before a run, written after it.
#include "cli/report_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <list>
#include <thread>
#include <utility>

#include "cli/terminal.hpp"

namespace wsfault::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto reader_limit = std::chrono::seconds(10);

/// A descriptor, blocking; -1 with errno. To open a pipe waits for its reader: here no longer than the limit
/// (ENXIO).
int open_pipe(const std::string& file) {
  const auto end = std::chrono::steady_clock::now() + reader_limit;
  for (;;) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0) ::fcntl(descriptor, F_SETFL, O_WRONLY);
    if (descriptor >= 0 || errno != ENXIO || std::chrono::steady_clock::now() > end) return descriptor;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// Says so. Always false.
bool cannot_write(const std::string& file, std::string_view why) {
  complain("wsfault", fmt::format("cannot write {}: {}", file, why));
  return false;
}

bool write_to_pipe(const std::string& file, const std::string& text) {
  const int descriptor = open_pipe(file);
  std::FILE* out = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
  if (out == nullptr)
    return cannot_write(file, errno == ENXIO ? "nobody reads this pipe" : std::strerror(errno));
  const bool whole = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  return (std::fclose(out) == 0 && whole) || cannot_write(file, std::strerror(errno));
}

fs::file_type type_of(const std::string& file) {
  std::error_code ignored;
  return fs::status(file, ignored).type();
}

bool write_with(std::ios::openmode mode, const std::string& file, const std::string& text) {
  if (type_of(file) == fs::file_type::fifo) return write_to_pipe(file, text);
  std::ofstream out(file, std::ios::binary | mode);
  out << text;
  return out.flush() || cannot_write(file, std::strerror(errno));
}

/// Several reports may share a pipe or a device.
bool takes_any_number(const std::string& file) {
  const auto type = type_of(file);
  return type == fs::file_type::character || type == fs::file_type::fifo;
}

/// If the file did not exist, it exists until this is destroyed, so that it can be compared with others: a
/// run that does not begin leaves no file.
class Trial {
 public:
  explicit Trial(std::string file) : file_(std::move(file)) {
    std::error_code ignored;
    is_new_ = !fs::exists(file_, ignored);
    const std::ofstream out(file_, std::ios::app);
    if (!out) wrong_ = fmt::format("cannot write {}: {}", file_, std::strerror(errno));
  }
  Trial(Trial&&) = delete;
  ~Trial() {
    std::error_code ignored;
    if (is_new_ && wrong_.empty()) fs::remove(file_, ignored);
  }
  const std::string& wrong() const { return wrong_; }

 private:
  std::string file_;
  std::string wrong_;
  bool is_new_ = false;
};

}  // namespace

bool are_one(const std::string& file, const std::string& other) {
  std::error_code ignored;
  return fs::equivalent(file, other, ignored) ||
         fs::weakly_canonical(file, ignored) == fs::weakly_canonical(other, ignored);
}

std::string try_reports(const NamedFiles& files, const std::vector<std::string>& inputs) {
  std::list<Trial> trials;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [option, file] = files[i];
    if (file.empty() || takes_any_number(file)) continue;
    for (const std::string& input : inputs) {
      if (are_one(file, input))
        return fmt::format("{}: {} is read by this command: write to another file", option, file);
    }
    if (const std::string& wrong = trials.emplace_back(file).wrong(); !wrong.empty())
      return fmt::format("{}: {}", option, wrong);
    // All of them exist by now.
    for (std::size_t j = 0; j < i; ++j) {
      if (!files[j].second.empty() && are_one(files[j].second, file))
        return fmt::format("{} and {} are the same file: {}", files[j].first, option, file);
    }
  }
  return {};
}

bool write_report(const std::string& file, const std::string& text) {
  return write_with(std::ios::trunc, file, text);
}

bool append_report(const std::string& file, const std::string& text) {
  return write_with(std::ios::app, file, text);
}

}  // namespace wsfault::cli
