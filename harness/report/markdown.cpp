// Headings, tables and folded blocks of the Markdown summary.
#include "report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/case_text.hpp"
#include "report/console.hpp"
#include "report/escape.hpp"
#include "value/words.hpp"

namespace wsfault::report {
namespace {

constexpr std::size_t most_rows = 200;
constexpr std::size_t longest_cell = 300;

/// Characters that Markdown or HTML would read as markup become entities.
std::string as_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("&<>|`*_~[]\\#@").find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

/// Inside <pre> only HTML is markup.
std::string as_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>') {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string cell(const std::string& text) { return as_text(printable(text, longest_cell)); }

std::string what_was_seen(const CaseResult& result) {
  const auto findings = decisive_findings(result);
  if (!result.reason.empty() || findings.empty()) return result.reason;
  const verdict::Finding& first = findings.front();
  const std::string more = findings.size() > 1 ? fmt::format(" (and {} more)", findings.size() - 1) : "";
  return fmt::format("{}: {}{}", first.subject, first.seen, more);
}

std::string skips(const RunSummary& summary) {
  std::string out;
  if (!summary.stopped.empty())
    out += fmt::format("- {}\n", cell(summary.stopped.substr(0, summary.stopped.find('\n'))));
  for (const std::string& shard : summary.missing_shards)
    out += fmt::format("- shard {} is missing: its cases are not in these results\n", cell(shard));
  for (const SkipReason& skip : skip_reasons(summary))
    out += fmt::format("- {} skipped: {}\n", skip.cases, cell(skip.reason));
  return out.empty() ? "" : '\n' + out;
}

std::string table(const std::vector<const CaseResult*>& cases) {
  if (cases.empty()) return {};
  std::string out = "\n| outcome | case | seen |\n| --- | --- | --- |\n";
  for (std::size_t i = 0; i < std::min(cases.size(), most_rows); ++i) {
    out += fmt::format("| {} | {} | {} |\n", to_string(cases[i]->outcome), cell(cases[i]->id),
                       cell(what_was_seen(*cases[i])));
  }
  if (cases.size() > most_rows) out += fmt::format("\n… and {} more\n", cases.size() - most_rows);
  return out;
}

std::string block(const CaseResult& result) {
  return fmt::format("\n<details><summary>{} {}</summary>\n\n<pre>\n{}</pre>\n\n</details>\n",
                     to_string(result.outcome), cell(result.id),
                     as_html(print_explanation(result.explanation, false)));
}

/// "2 of 104 cases need a look"; if none does, the outcome of the run.
std::string heading(const RunSummary& summary, std::size_t look) {
  if (!summary.missing_shards.empty()) return "a part of the run is missing";
  if (look > 0)
    return fmt::format("{} of {} {} a look", look, counted(summary.cases.size(), "case"),
                       look == 1 ? "needs" : "need");
  return summary.cases.empty() ? "no case was run" : "nothing failed";
}

}  // namespace

std::string print_markdown(const RunSummary& summary) {
  std::vector<const CaseResult*> look;
  for (const CaseResult& result : summary.cases) {
    if (needs_a_look(result)) look.push_back(&result);
  }
  std::string out =
      fmt::format("## wsfault: {}\n\n{}", heading(summary, look.size()), as_text(counts_line(summary, {})));
  out += table(look) + skips(summary);
  std::size_t left_out = 0;
  for (const CaseResult* result : look) {
    std::string folded = block(*result);
    if (out.size() + folded.size() > most_markdown_blocks) {
      ++left_out;
    } else {
      out += folded;
    }
  }
  if (left_out > 0)
    out += fmt::format("\n{} in the log of the job.\n", counted(left_out, "more is", "more are"));
  return out;
}

}  // namespace wsfault::report
