// Report files: tried before a run, written after it.
#include "cli/report_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace wsfault::cli {

std::string try_report(const std::string& file) {
  if (file.empty()) return {};
  std::ofstream out(file, std::ios::app);
  return out ? std::string() : fmt::format("cannot write {}: {}", file, std::strerror(errno));
}

bool write_report(const std::string& command, const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  if (out.flush()) return true;
  fmt::print(stderr, "{}: cannot write {}: {}\n", command, file, std::strerror(errno));
  return false;
}

}  // namespace wsfault::cli
