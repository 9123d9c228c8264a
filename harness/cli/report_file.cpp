// Report files: tried before a run, written after it.
#include "cli/report_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace wsfault::cli {
namespace {

bool write_with(std::ios::openmode mode, const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | mode);
  out << text;
  if (out.flush()) return true;
  fmt::print(stderr, "wsfault: cannot write {}: {}\n", file, std::strerror(errno));
  return false;
}

}  // namespace

std::string try_report(const std::string& file) {
  if (file.empty()) return {};
  std::ofstream out(file, std::ios::app);
  return out ? std::string() : fmt::format("cannot write {}: {}", file, std::strerror(errno));
}

bool write_report(const std::string& file, const std::string& text) {
  return write_with(std::ios::trunc, file, text);
}

bool append_report(const std::string& file, const std::string& text) {
  return write_with(std::ios::app, file, text);
}

}  // namespace wsfault::cli
