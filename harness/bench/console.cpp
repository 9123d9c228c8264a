// Tables and sparklines.
#include "bench/console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/wording.hpp"
#include "report/escape.hpp"
#include "value/words.hpp"

namespace wsfault::bench {
namespace {

constexpr std::size_t spark_width = 20;
constexpr std::size_t most_missed = 5;
constexpr std::size_t name_width = 22;

/// Each bar's height is its share of the highest; even the smallest non-zero count is visible.
std::string sparkline(const std::vector<std::int64_t>& values, const Axis& axis) {
  static constexpr std::string_view bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::vector<std::size_t> parts = histogram(values, axis.low, axis.high, spark_width);
  const std::size_t highest = *std::ranges::max_element(parts);
  std::string line;
  for (const std::size_t part : parts) line += bars[(8 * part + highest - 1) / highest];
  return line;
}

std::string padded(std::string_view name) {
  return std::string(name) + std::string(name_width - std::min(name_width, report::width(name)), ' ');
}

std::string print_table(const Table& table, const Figures& figures, const Axis& axis) {
  std::string text = padded(table.name);
  for (const std::string_view column : columns) text += fmt::format(" {:>7}", column);
  text += "\n";
  for (const Row& row : table.rows) {
    text += padded("  " + row.name);
    for (const std::string& cell : row.cells) text += fmt::format(" {:>7}", cell);
    if (row.phase) text += fmt::format(" │{}│", sparkline(since_fault(figures, *row.phase), axis));
    text += "\n";
  }
  return text + "\n";
}

std::string print_tables(const Figures& figures) {
  const Axis axis = axis_of(figures);
  std::string text;
  for (const Table& table : tables_of(figures)) text += print_table(table, figures, axis);
  return text +
         fmt::format("The bars go from {} to {}.\n", mark_text(axis, axis.low), mark_text(axis, axis.high));
}

std::string print_missed(const Figures& figures) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most_missed, figures.missed.size()); ++i) {
    text += report::printable(missed_sentence(figures.missed[i])) + "\n";
    for (const std::string& line : figures.missed[i].output)
      text += fmt::format("  | {}\n", report::printable(line));
  }
  if (figures.missed.size() > most_missed)
    text += fmt::format("So it is with {} more.\n", counted(figures.missed.size() - most_missed, "round"));
  const std::string not_begun = not_begun_sentence(figures);
  return not_begun.empty() ? text : text + not_begun + "\n";
}

}  // namespace

std::string print_console(const Figures& figures) {
  std::string text = report::printable(title_of(figures)) + "\n";
  if (!figures.version.empty()) text += report::printable(figures.version) + "\n";
  text += report::printable(fault_text(figures)) + "\n" + rounds_text(figures) + "\n\n";
  if (!figures.measured.empty()) text += print_tables(figures);
  for (const std::string& sentence : harness_sentences(figures)) text += sentence + "\n";
  if (const std::string limit = limit_sentence(figures); !limit.empty()) text += limit + "\n";
  return text + print_missed(figures);
}

}  // namespace wsfault::bench
