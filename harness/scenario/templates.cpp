// A name is checked part by part; whether a part is a link is only checked when it is written.
#include "scenario/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace wsfault::scenario {
namespace {

namespace fs = std::filesystem;

/// What exists where a template should be; empty: a file, or nothing yet.
std::string_view no_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  switch (status.type()) {
    case fs::file_type::regular:
    case fs::file_type::not_found:
      return {};
    case fs::file_type::directory:
      return "a folder";
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::character:
    case fs::file_type::block:
      return "a device";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::none:
    case fs::file_type::symlink:
    case fs::file_type::unknown:
      break;
  }
  return error == std::errc::too_many_symbolic_link_levels ? "a link that leads to itself" : "no file";
}

}  // namespace

TextPairs read_texts(TableReader& reader, std::string_view key, std::string_view what) {
  TextPairs found;
  const Value* value = reader.raw(key);
  if (!value) return found;
  if (!value->table()) {
    reader.error(*value, fmt::format("`{}` is a table, found {}", key, value->type_name()));
    return found;
  }
  for (const Value::Member& member : *value->table()) {
    if (member.value.text()) {
      found.emplace_back(member.key, *member.value.text());
    } else {
      reader.error(member.value, fmt::format("{} is a string, found {}", what, member.value.type_name()));
    }
  }
  return found;
}

TextPairs read_templates(TableReader& reader, const std::string& folder) {
  TextPairs templates = read_texts(reader, "files", "a template");
  const Value* value = reader.raw("files");
  if (!value || !value->table()) return templates;
  for (const Value::Member& member : *value->table()) {
    if (const std::string wrong = wrong_file_name(member.key); !wrong.empty()) {
      reader.diagnostics().error(member.place, fmt::format("`files`: \"{}\" {}", member.key, wrong),
                                 "a name below ${dir}: \"app.conf\", \"conf/app.conf\"");
    }
    if (!member.value.text()) continue;
    const fs::path source = fs::path(folder) / *member.value.text();
    if (const std::string_view found = no_file(source); !found.empty())
      reader.error(member.value, fmt::format("the template {} is {}", source.string(), found));
  }
  return templates;
}

std::string wrong_file_name(std::string_view name) {
  if (name.empty()) return "is no name";
  if (name.front() == '/') return "is an absolute path, and leads out of ${dir}";
  if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return "has a control character in it";
  while (true) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (part == "..") return "leads out of ${dir}";
    if (end == name.size()) return part.empty() || part == "." ? "is the name of a folder" : "";
    name.remove_prefix(end + 1);
  }
}

}  // namespace wsfault::scenario
