// Parses only as much shell grammar as is needed to be certain; doubtful commands are left to the shell.
#include "runner/shell_command.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace wsfault::runner {
namespace {

/// Reserved words of POSIX and bash, and builtins: special ones, and those that differ from the program of
/// the same name.
constexpr auto own_words = std::to_array<std::string_view>(
    {"!",        "{",       "}",       "[[",      "]]",       "case",     "coproc", "do",      "done",
     "elif",     "else",    "esac",    "fi",      "for",      "function", "if",     "in",      "select",
     "then",     "time",    "until",   "while",   ".",        ":",        "[",      "alias",   "bg",
     "break",    "builtin", "cd",      "command", "continue", "declare",  "dirs",   "echo",    "enable",
     "eval",     "exec",    "exit",    "export",  "false",    "fc",       "fg",     "getopts", "hash",
     "jobs",     "kill",    "let",     "local",   "popd",     "printf",   "pushd",  "pwd",     "read",
     "readonly", "return",  "set",     "shift",   "shopt",    "source",   "test",   "times",   "trap",
     "true",     "type",    "typeset", "ulimit",  "umask",    "unalias",  "unset",  "wait"});

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// A word of the command: its text without quotes, and what it contains.
struct Word {
  std::string plain;
  std::size_t begin = 0;
  bool quoted = false;
  bool expands = false;  ///< contains $NAME, ~ or a pattern: its value may be something else, or nothing
  bool assigns = false;  ///< NAME=… with an unquoted name
};

class Command {
 public:
  explicit Command(std::string_view text) : text_(text) {}

  /// Where its program's word begins; none if it is not a simple command.
  std::optional<std::size_t> program() {
    std::optional<std::size_t> found;
    skip_space(true);
    while (sure_ && !at_end()) {
      if (at_redirection()) {
        if (!take_redirection()) return std::nullopt;
      } else {
        const std::optional<Word> word = take_word();
        if (!word) return std::nullopt;
        if (!found && !word->assigns) {
          if (!is_program(*word)) return std::nullopt;
          found = word->begin;
        }
      }
      skip_space(false);
    }
    return sure_ ? found : std::nullopt;
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char here() const { return text_[at_]; }
  char next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }

  static bool is_program(const Word& word) {
    if (word.expands || word.plain.empty() || word.plain.front() == '-') return false;
    if (word.plain.find('=') != std::string::npos) return false;
    return std::ranges::find(own_words, word.plain) == own_words.end();
  }

  /// Skips blanks, continued lines and a comment; also newlines at the start or end.
  void skip_space(bool at_start) {
    while (!at_end()) {
      if (is_blank(here()) || (at_start && here() == '\n')) {
        ++at_;
      } else if (here() == '\\' && next() == '\n') {
        at_ += 2;
      } else if (here() == '#') {
        while (!at_end() && here() != '\n') ++at_;
      } else if (here() == '\n') {
        sure_ = text_.find_first_not_of(" \t\n", at_) == std::string_view::npos;
        at_ = text_.size();
      } else {
        return;
      }
    }
  }

  /// <, >, with digits right before it.
  bool at_redirection() const {
    std::size_t at = at_;
    while (at < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at])) != 0) ++at;
    return at < text_.size() && (text_[at] == '<' || text_[at] == '>');
  }

  bool take_redirection() {
    while (std::isdigit(static_cast<unsigned char>(here())) != 0) ++at_;
    static constexpr auto operators =
        std::to_array<std::string_view>({">>", ">&", "<&", "<>", ">|", ">", "<"});
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("<<") || rest.starts_with("<(") || rest.starts_with(">(")) return false;
    const auto found =
        std::ranges::find_if(operators, [&](std::string_view each) { return rest.starts_with(each); });
    at_ += found->size();
    while (!at_end() && is_blank(here())) ++at_;
    return take_word().has_value();
  }

  std::optional<Word> take_word() {
    Word word;
    word.begin = at_;
    const std::size_t begin = at_;
    while (!at_end() && !is_blank(here()) && here() != '\n' && here() != '<' && here() != '>') {
      const char c = here();
      if (std::string_view(";&|()`").find(c) != std::string_view::npos) return std::nullopt;
      if (c == '\'' || c == '"') {
        word.quoted = true;
        if (!(c == '\'' ? take_single(word) : take_double(word))) return std::nullopt;
      } else if (c == '\\') {
        if (at_ + 1 == text_.size()) return std::nullopt;
        if (next() != '\n') {
          word.quoted = true;
          word.plain += next();
        }
        at_ += 2;
      } else if (c == '$') {
        word.expands = true;
        if (!take_expansion()) return std::nullopt;
      } else {
        if (c == '=' && !word.quoted && !word.expands) word.assigns = word.assigns || is_variable(word.plain);
        if (!word.assigns && std::string_view("~*?{").find(c) != std::string_view::npos) word.expands = true;
        word.plain += c;
        ++at_;
      }
    }
    if (at_ == begin) return std::nullopt;
    return word;
  }

  static bool is_variable(std::string_view name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
           std::ranges::all_of(name, is_name);
  }

  bool take_single(Word& word) {
    const std::size_t end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) return false;
    word.plain += text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }

  bool take_double(Word& word) {
    for (++at_; !at_end() && here() != '"';) {
      if (here() == '`') return false;
      if (here() == '$') {
        word.expands = true;
        if (!take_expansion()) return false;
        continue;
      }
      if (here() == '\\' && at_ + 1 < text_.size()) ++at_;
      word.plain += here();
      ++at_;
    }
    if (at_end()) return false;
    ++at_;
    return true;
  }

  /// $NAME, $1, ${NAME}; not $(…), and not an expansion whose default may hide more.
  bool take_expansion() {
    ++at_;
    if (at_end()) return true;
    if (here() == '(') return false;
    if (here() != '{') {
      while (!at_end() && is_name(here())) ++at_;
      return true;
    }
    const std::size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) return false;
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return std::ranges::all_of(name, is_name);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool sure_ = true;
};

}  // namespace

std::optional<std::string> with_exec(std::string_view text) {
  const std::optional<std::size_t> program = Command(text).program();
  if (!program) return std::nullopt;
  std::string result(text);
  return result.insert(*program, "exec ");
}

}  // namespace wsfault::runner
