// Rows and sentences.
#include "bench/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "bench/text.hpp"
#include "report/case_text.hpp"
#include "value/words.hpp"

namespace wsfault::bench {
namespace {

using CellText = std::string (*)(double value);

std::string count_text(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

Row row_of(std::string name, std::vector<std::int64_t> values, CellText text) {
  const Summary summary = *summarise(std::move(values));
  Row row{.name = std::move(name)};
  for (const std::int64_t value :
       {summary.min, summary.p50, summary.p90, summary.p95, summary.p99, summary.max}) {
    row.cells.push_back(text(static_cast<double>(value)));
  }
  row.cells.push_back(text(summary.mean));
  return row;
}

std::string late_sentence(std::string_view what, std::vector<std::int64_t> values) {
  const auto late = summarise(std::move(values));
  if (!late) return fmt::format("{} were not seen to be late or in time.", what);
  const auto text = [](std::int64_t value) { return time_text(static_cast<double>(value)); };
  return fmt::format("{} were late by {} at p50, {} at p99, {} at most.", what, text(late->p50),
                     text(late->p99), text(late->max));
}

}  // namespace

std::vector<Table> tables_of(const Figures& figures) {
  Table since{"since the fault", {}};
  Table alone{"each step by itself", {}};
  Table round{"in a round", {}};
  for (const Phase phase : phases) {
    since.rows.push_back(row_of(std::string(to_string(phase)), since_fault(figures, phase), time_text));
    since.rows.back().phase = phase;
    const std::string from = phase == Phase::noticed ? "fault → " : "→ ";
    alone.rows.push_back(row_of(from + std::string(to_string(phase)), steps(figures, phase), time_text));
  }
  for (const Count& count : counts())
    round.rows.push_back(row_of(std::string(count.words), values(figures, count), count_text));
  return {std::move(since), std::move(alone), std::move(round)};
}

std::string title_of(const Figures& figures) {
  std::string text = fmt::format("Reconnect of {} after {}", figures.client, figures.fault);
  for (const auto& [name, value] : figures.with) text += fmt::format(", {}={}", name, value);
  return text;
}

std::string fault_text(const Figures& figures) {
  const bool delayed = figures.after > Duration(0);
  std::string text = "The fault comes ";
  text += delayed ? format_duration(figures.after) + " after " : std::string("at ");
  text += figures.when;
  if (figures.spread > Duration(0))
    text += fmt::format(", or up to {} later", format_duration(figures.spread));
  if (figures.down > Duration(0))
    text += fmt::format("; then the server stays away for {}", format_duration(figures.down));
  return text;
}

std::string rounds_text(const Figures& figures) {
  return fmt::format("{}, {} before {} not counted, {} at once; seed {}",
                     counted(static_cast<std::uint64_t>(figures.rounds), "round"), figures.warmup,
                     figures.rounds == 1 ? "it" : "them", figures.parallel, figures.seed);
}

std::vector<std::string> harness_sentences(const Figures& figures) {
  return {late_sentence("The harness's timers", figures.timers_late),
          late_sentence("Its faults", faults_late(figures)),
          fmt::format("It used {:.0f}% of one processor; {:.0f}% of {} was in use during its {}.",
                      100 * figures.use.own, 100 * figures.use.machine,
                      counted(static_cast<std::uint64_t>(figures.use.processors), "processor"),
                      report::seconds_text(figures.wall))};
}

std::string limit_sentence(const Figures& figures) {
  const std::vector<std::string> all = limits(figures);
  if (all.empty()) return {};
  return fmt::format(
      "Limited by the harness's own machine: {}. Times hold the waiting for a processor, too: {}.",
      fmt::join(all, "; "), figures.parallel > 1 ? "run fewer rounds at once" : "let nothing else run on it");
}

std::string missed_sentence(const Missed& missed) {
  const std::string name =
      missed.number == 0 ? std::string("A round of the warm-up") : fmt::format("Round {}", missed.number);
  return fmt::format("{} was not measured: {}.", name, missed.why);
}

std::string not_begun_sentence(const Figures& figures) {
  if (figures.not_begun() <= 0) return {};
  return fmt::format("Not begun{}: {} of {}.",
                     figures.interrupted ? ", as it was interrupted" : " after that", figures.not_begun(),
                     counted(static_cast<std::uint64_t>(figures.rounds), "round"));
}

}  // namespace wsfault::bench
