#include "cli/input_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace wsfault::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = std::size_t{4} * 1024 * 1024 * 1024;

std::string_view no_input(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory:
      return "a folder";
    case fs::file_type::character:
    case fs::file_type::block:
      return "a device";
    case fs::file_type::socket:
      return "a socket";
    default:
      return {};
  }
}

}  // namespace

Result<std::string> read_input(const std::string& file, std::string_view what) {
  std::error_code ignored;
  if (const std::string_view is = no_input(fs::status(file, ignored).type()); !is.empty())
    return Error{fmt::format("{}: is {}, not {}", file, is, what)};
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{fmt::format("{}: {}", file, std::strerror(errno))};
  std::string text;
  std::array<char, 65536> chunk{};
  while (in.read(chunk.data(), chunk.size()) || in.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > largest) return Error{fmt::format("{}: is too large for {}", file, what)};
  }
  return text;
}

}  // namespace wsfault::cli
