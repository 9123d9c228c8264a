// Prints diagnostics with the source line and a caret, and finds the nearest name to a wrong one.
#include "value/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/visible.hpp"

namespace wsfault {
namespace {

constexpr std::size_t longest_line = 200;  // code points; longer ones are cut around the caret
constexpr std::size_t kept_before_caret = 80;
constexpr std::size_t kept_of_long_line = 160;
constexpr std::size_t tab_stop = 4;
constexpr std::size_t most_shown = 100;

/// The length in bytes of one character.
char32_t code_of(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  char32_t code = bytes.size() == 1 ? first : first & (0x7FU >> bytes.size());
  for (const char next : bytes.substr(1)) code = (code << 6) | (static_cast<unsigned char>(next) & 0x3FU);
  return code;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// Characters as they are shown, one by one: anything that would move the cursor or colour the terminal is
/// made visible. Bytes that are not UTF-8 each become "?", so that columns stay correct.
std::vector<std::string> shown_characters(std::string_view text) {
  std::vector<std::string> characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    const std::string_view bytes = text.substr(at, size);
    const bool whole =
        size > 0 && bytes.size() == size && std::ranges::all_of(bytes.substr(1), is_continuation);
    if (!whole || (first < 0x20 && first != '\t') || is_hidden(code_of(bytes))) {
      characters.emplace_back("?");
    } else {
      characters.emplace_back(bytes);
    }
    at += whole ? size : 1;
  }
  return characters;
}

std::string one_line(std::string_view text) {
  std::string shown;
  for (const std::string& character : shown_characters(text)) shown += character == "\t" ? " " : character;
  return shown;
}

/// The line as shown, and the number of columns before the caret.
struct Excerpt {
  std::string line;
  std::size_t indent = 0;
};

Excerpt excerpt(std::string_view line, int column) {
  const std::vector<std::string> characters = shown_characters(line);
  const std::size_t caret = std::min(static_cast<std::size_t>(std::max(column, 1)) - 1, characters.size());
  std::size_t begin = 0;
  std::size_t end = characters.size();
  if (characters.size() > longest_line) {
    begin = caret > kept_before_caret ? caret - kept_before_caret : 0;
    end = std::min(begin + kept_of_long_line, characters.size());
  }
  Excerpt shown;
  std::size_t width = 0;
  if (begin > 0) {
    shown.line = "…";
    width = 1;
  }
  for (std::size_t i = begin; i < end; ++i) {
    if (i == caret) shown.indent = width;
    const std::size_t columns = characters[i] == "\t" ? tab_stop - width % tab_stop : 1;
    shown.line += characters[i] == "\t" ? std::string(columns, ' ') : characters[i];
    width += columns;
  }
  if (caret >= end) shown.indent = width;
  if (end < characters.size()) shown.line += "…";
  return shown;
}

std::string print_one(const Diagnostic& error, std::string_view file, std::string_view text) {
  const std::string message = one_line(error.message);
  if (error.place.line <= 0) {
    const std::string hint = error.hint.empty() ? "" : fmt::format("  = {}\n", one_line(error.hint));
    return fmt::format("{}: error: {}\n{}", one_line(file), message, hint);
  }
  const std::string number = std::to_string(error.place.line);
  const std::string margin(number.size() + 2, ' ');
  const std::string column = error.place.column > 0 ? fmt::format(":{}", error.place.column) : "";
  const Excerpt shown = excerpt(line_of(text, error.place.line), error.place.column);
  std::string out = fmt::format("{}:{}{}: error: {}\n", one_line(file), number, column, message);
  out += fmt::format("  {} | {}\n", number, shown.line);
  if (error.place.column > 0) out += fmt::format("{} | {}^\n", margin, std::string(shown.indent, ' '));
  if (!error.hint.empty()) out += fmt::format("{} = {}\n", margin, one_line(error.hint));
  return out;
}

/// Insertions, deletions, substitutions and swaps of neighbours; a difference in case costs nothing.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

void Diagnostics::error(Place place, std::string message, std::string hint) {
  errors_.push_back({place, std::move(message), std::move(hint)});
}

std::string Diagnostics::print() const {
  std::vector<Diagnostic> sorted = errors_;
  std::ranges::stable_sort(sorted, [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  std::string out;
  const std::size_t shown = std::min(sorted.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i) out += print_one(sorted[i], file_, text_);
  if (shown < sorted.size()) out += fmt::format("{}: and {} more errors\n", file_, sorted.size() - shown);
  return out;
}

/// So much of a name, when it is all that is given, is near to the whole.
constexpr std::size_t least_of_a_beginning = 3;

std::string_view nearest_name(std::string_view found, const std::vector<std::string_view>& candidates) {
  // Of a short name less than half may be wrong: "when" is no "send".
  const std::size_t near_enough = std::min<std::size_t>(3, (found.size() + 1) / 2);
  std::string_view nearest;
  std::size_t least = std::min(near_enough + 1, found.size());
  for (std::string_view candidate : candidates) {
    const std::size_t sizes_apart =
        std::max(found.size(), candidate.size()) - std::min(found.size(), candidate.size());
    if (sizes_apart >= least) continue;  // also keeps a wrong file from choosing the size of the table
    const std::size_t distance = edit_distance(found, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty() || found.size() < least_of_a_beginning) return nearest;
  const auto begun = std::ranges::find_if(candidates, [&](std::string_view each) { return each.starts_with(found); });
  return begun == candidates.end() ? nearest : *begun;
}

std::string suggest(std::string_view found, const std::vector<std::string_view>& candidates) {
  if (candidates.empty()) return {};
  const std::string_view nearest = nearest_name(found, candidates);
  const std::string meant = nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest);
  return fmt::format("{}allowed: {}", meant, fmt::join(candidates, ", "));
}

}  // namespace wsfault
