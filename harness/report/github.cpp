// Workflow commands: their escaping and their texts.
#include "report/github.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <string_view>
#include <vector>

#include "report/case_text.hpp"
#include "report/escape.hpp"

namespace wsfault::report {
namespace {

using verdict::Finding;
/// In a property `,` and `:` are separators; a message ends at the end of its line.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string path_in(const Checkout& checkout, const std::string& file) {
  if (checkout.root.empty()) return file;
  const std::filesystem::path absolute = (std::filesystem::path(checkout.cwd) / file).lexically_normal();
  const std::string relative = absolute.lexically_relative(checkout.root).string();
  return relative.empty() || relative.starts_with("..") ? file : relative;
}

/// The lines of a message; each is already printable.
class Message {
 public:
  void add(std::string_view label, const std::string& text) {
    if (text.empty()) return;
    if (!lines_.empty()) lines_ += '\n';
    lines_ += fmt::format("{}{}", label, printable(text));
  }
  const std::string& lines() const { return lines_; }

 private:
  std::string lines_;
};

class Annotations {
 public:
  explicit Annotations(const Checkout& checkout) : checkout_(checkout) {}

  void add(const CaseResult& result) {
    const auto decisive = needs_a_look(result) ? decisive_findings(result) : std::vector<Finding>();
    for (const Finding& finding : decisive) add(result, "error", finding);
    if (needs_a_look(result) && decisive.empty()) add_reason(result);
    for (const Finding& finding : result.judgement.findings) {
      if (finding.state == verdict::State::warned) add(result, "warning", finding);
    }
  }
  /// For the whole run, without a file.
  void add_stopped(const std::string& why) {
    Message message;
    std::istringstream lines(why);
    for (std::string line; std::getline(lines, line);) message.add("", line);
    out_ += fmt::format("::error title=wsfault::{}\n", escaped(message.lines(), false));
  }
  std::string take() { return std::move(out_); }

 private:
  void add(const CaseResult& result, std::string_view level, const Finding& finding) {
    Message message;
    message.add("expected: ", finding.expected);
    message.add("seen: ", finding.seen);
    message.add("broke: ", finding.broke);
    message.add("cause: ", finding.cause);
    message.add("remedy: ", finding.remedy);
    message.add("repeat: ", result.repeat);
    command(level, result, finding.place.line,
            fmt::format("{} {}: {}", result.id, to_string(result.outcome), finding.subject), message);
  }

  void add_reason(const CaseResult& result) {
    Message message;
    message.add("", result.reason);
    message.add("repeat: ", result.repeat);
    command("error", result, 0, fmt::format("{} {}", result.id, to_string(result.outcome)), message);
  }

  void command(std::string_view level, const CaseResult& result, int line, const std::string& title,
               const Message& message) {
    out_ += fmt::format("::{} ", level);
    if (!result.file.empty())
      out_ += fmt::format("file={},", escaped(printable(path_in(checkout_, result.file)), true));
    if (line > 0) out_ += fmt::format("line={},", line);
    out_ += fmt::format("title={}::{}\n", escaped(printable(title), true), escaped(message.lines(), false));
  }

  const Checkout& checkout_;
  std::string out_;
};

}  // namespace

std::string print_github(const RunSummary& summary, const Checkout& checkout) {
  Annotations annotations(checkout);
  if (!summary.stopped.empty()) annotations.add_stopped(summary.stopped);
  for (const CaseResult& result : summary.cases) annotations.add(result);
  return annotations.take();
}

}  // namespace wsfault::report
