// A benchmark's figures as rows and sentences, which the console and the page set each in its own way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/figures.hpp"

namespace wsfault::bench {

inline constexpr std::string_view columns[] = {"min", "p50", "p90", "p95", "p99", "max", "mean"};

struct Row {
  std::string name;
  std::vector<std::string> cells;  ///< one for each column
  std::optional<Phase> phase;      ///< whose time since the fault it tells
};
struct Table {
  std::string_view name;
  std::vector<Row> rows;
};
/// Of rounds that were measured, at least one: the phases since the fault, each step by itself, the counts.
std::vector<Table> tables_of(const Figures& figures);

/// "Reconnect of reference client after close, code=1012".
std::string title_of(const Figures& figures);
/// "The fault comes 90ms after open; then the server stays away for 2s".
std::string fault_text(const Figures& figures);
/// "100 rounds, 5 before them not counted, 4 at once; seed 7".
std::string rounds_text(const Figures& figures);

/// The harness's own error, and what it and the machine were busy with; each a sentence.
std::vector<std::string> harness_sentences(const Figures& figures);
/// What limits the figures by the harness's side, and what to do about it; empty: nothing does.
std::string limit_sentence(const Figures& figures);
/// "Round 7 was not measured: …."
std::string missed_sentence(const Missed& missed);
/// Empty where every round was begun.
std::string not_begun_sentence(const Figures& figures);

}  // namespace wsfault::bench
