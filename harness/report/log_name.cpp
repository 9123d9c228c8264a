// Turns ids into names; names that would be equal get a hash.
#include "report/log_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>

#include "report/escape.hpp"

namespace wsfault::report {
namespace {

constexpr std::size_t longest_name =
    180;  // bytes; a hash, a repetition's number and an extension come after it

bool is_taken_by_all(std::string_view character) {
  if (character.size() > 1) return true;
  const char c = character.front();  // negative for a byte that is not UTF-8
  return c >= 0x20 && c != 0x7F && std::strchr("/ \\:*?\"<>|", c) == nullptr;
}

/// A name that every file system accepts, cut if it is long.
std::string plain_name(std::string_view id) {
  std::string name;
  while (!id.empty()) {
    const std::string_view character = character_at_front(id);
    if (name.size() + character.size() > longest_name) break;
    name += is_taken_by_all(character) ? character : std::string_view("-");
    id.remove_prefix(character.size());
  }
  if (name.empty()) return "-";
  if (name.front() == '.') name.front() = '-';  // neither hidden nor the name of a folder
  return name;
}

/// As file systems that ignore case compare names; only for ASCII, as other letters are rare here.
std::string folded(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

/// FNV-1a: not cryptographic, only a name.
std::string hash_of(const LogCase& one) {
  std::uint32_t hash = 0x811c9dc5;
  for (const std::string* text : {&one.id, &one.file}) {
    for (const char c : *text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    hash *= 0x01000193;  // "a", "b" differs from "ab"
  }
  return fmt::format("{:08x}", hash);
}

}  // namespace

std::vector<std::string> log_names(const std::vector<LogCase>& cases) {
  std::vector<std::string> names;
  std::map<std::string, int> so_called;
  for (const LogCase& one : cases) {
    names.push_back(plain_name(one.id));
    ++so_called[folded(names.back())];
  }
  std::set<std::string> taken;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool is_cut = cases[i].id.size() > longest_name;
    if (is_cut || so_called[folded(names[i])] > 1) names[i] += '-' + hash_of(cases[i]);
    const std::string hashed = names[i];
    for (int number = 2; !taken.insert(folded(names[i])).second; ++number)
      names[i] = fmt::format("{}-{}", hashed, number);
  }
  return names;
}

}  // namespace wsfault::report
