// The page around the charts.
#include "bench/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bench/page_chart.hpp"
#include "bench/wording.hpp"
#include "report/escape.hpp"

namespace wsfault::bench {
namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --ground: #fbfbfa; --panel: #ffffff; --ink: #1d2127; --soft: #5d6672; --rule: #dfe3e8;
  --bar: #7fa8dc; --line: #b4521c; --mark: #1d2127; --alert: #9c2f24; --alert-ground: #fdf0ee; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --panel: #1c2026; --ink: #e6e9ed; --soft: #9aa4b0; --rule: #323942;
    --bar: #46709f; --line: #f0935a; --mark: #e6e9ed; --alert: #ff9d90; --alert-ground: #33201e; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 62rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
.soft { color: var(--soft); }
section { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 1rem 1.25rem;
  margin-top: 1rem; overflow-x: auto; }
.alert { background: var(--alert-ground); border-color: var(--alert); color: var(--alert); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
tr:last-child td, tr:last-child th { border-bottom: 0; }
th:first-child { text-align: left; font-weight: 500; }
thead th { color: var(--soft); font-weight: 500; }
tbody + tbody th[colspan] { padding-top: 1rem; }
th[colspan] { color: var(--soft); }
svg { display: block; width: 100%; min-width: 36rem; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
svg text.value { fill: var(--ink); font-weight: 600; }
.bar { fill: var(--bar); }
.line { fill: none; stroke: var(--line); stroke-width: 1.75; stroke-linejoin: round; }
.grid { stroke: var(--rule); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.mark { stroke: var(--mark); stroke-width: 1; stroke-dasharray: 3 3; opacity: .6; }
.key { display: inline-block; width: .9em; height: .7em; margin: 0 .3em 0 0; background: var(--bar); }
.key.of-line { height: 2px; vertical-align: middle; background: var(--line); }
)css";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : report::printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string table_group(const Table& table) {
  std::string text =
      fmt::format("<tbody>\n<tr><th colspan=\"8\" scope=\"rowgroup\">{}</th></tr>\n", table.name);
  for (const Row& row : table.rows) {
    text += fmt::format("<tr><th scope=\"row\">{}</th>", row.name);
    for (const std::string& cell : row.cells) text += fmt::format("<td>{}</td>", cell);
    text += "</tr>\n";
  }
  return text + "</tbody>\n";
}

std::string tables_section(const Figures& figures) {
  std::string text = "<section>\n<table>\n<thead><tr><th></th>";
  for (const std::string_view column : columns) text += fmt::format("<th scope=\"col\">{}</th>", column);
  text += "</tr></thead>\n";
  for (const Table& table : tables_of(figures)) text += table_group(table);
  return text + "</table>\n</section>\n";
}

std::string_view meaning(Phase phase) {
  switch (phase) {
    case Phase::noticed:
      return "The client reported the end, ended its socket, or attempted to come back.";
    case Phase::first_attempt:
      return "It tried to connect again for the first time.";
    case Phase::connected:
      return "TCP was accepted of the connection that opened.";
    case Phase::open:
      return "Its 101 had come.";
    case Phase::first_message:
      return "The first message after it had come.";
  }
  return "";
}

std::string chart_sections(const Figures& figures) {
  const Axis axis = axis_of(figures);
  std::string text =
      "<p class=\"soft\" style=\"margin-top:1.5rem\">Times since the fault, one axis for all. <span "
      "class=\"key\">"
      "</span>rounds (left) &ensp;<span class=\"key of-line\"></span>share of rounds so far (right)</p>\n";
  for (const Phase phase : phases) {
    auto values = since_fault(figures, phase);
    const auto beyond = std::ranges::count_if(values, [&](std::int64_t value) { return value > axis.high; });
    text += fmt::format(
        "<section>\n<h2>{}</h2>\n<p class=\"soft\">{}{}</p>\n", to_string(phase), meaning(phase),
        beyond == 0
            ? std::string()
            : fmt::format(" {} {} beyond the axis, in the last bar.", beyond, beyond == 1 ? "is" : "are"));
    text += print_chart(std::move(values), axis, fmt::format("distribution of {}", to_string(phase)));
    text += "</section>\n";
  }
  return text;
}

std::string paragraph(std::string_view sentence) { return fmt::format("<p>{}</p>\n", escaped(sentence)); }

std::string harness_section(const Figures& figures) {
  std::string text = "<section>\n";
  for (const std::string& sentence : harness_sentences(figures)) text += paragraph(sentence);
  return text + "</section>\n";
}

std::string alert_section(const Figures& figures) {
  std::string text;
  if (const std::string limit = limit_sentence(figures); !limit.empty()) text += paragraph(limit);
  for (const Missed& missed : figures.missed) text += paragraph(missed_sentence(missed));
  if (const std::string sentence = not_begun_sentence(figures); !sentence.empty())
    text += paragraph(sentence);
  return text.empty() ? text : "<section class=\"alert\">\n" + text + "</section>\n";
}

}  // namespace

std::string print_page(const Figures& figures) {
  const std::string title = escaped(title_of(figures));
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      title, style);
  text += fmt::format("<h1>{}</h1>\n", title);
  if (!figures.version.empty()) text += paragraph(figures.version);
  text += fmt::format("<p class=\"soft\">{}<br>\n{}; wsfault {}</p>\n", escaped(fault_text(figures)),
                      rounds_text(figures), escaped(figures.wsfault));
  text += alert_section(figures);
  if (!figures.measured.empty()) text += tables_section(figures) + chart_sections(figures);
  return text + harness_section(figures) + "</body>\n</html>\n";
}

}  // namespace wsfault::bench
