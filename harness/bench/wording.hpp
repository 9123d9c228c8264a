// A benchmark's figures as rows and sentences, which the console and the page format in their own ways.
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
  std::vector<std::string> cells;  ///< one per column
  std::optional<Phase> phase;      ///< the phase whose time since the fault it shows
};
struct Table {
  std::string_view name;
  std::vector<Row> rows;
};
/// For at least one measured round: the phases since the fault, each step separately, the counts.
std::vector<Table> tables_of(const Figures& figures);

/// "Reconnect of reference client after close, code=1012".
std::string title_of(const Figures& figures);
/// "The fault comes 90ms after open; then the server stays away for 2s".
std::string fault_text(const Figures& figures);
/// "100 rounds, 5 before them not counted, 4 at once; seed 7".
std::string rounds_text(const Figures& figures);

/// The harness's own error, and the load of harness and machine; one sentence each.
std::vector<std::string> harness_sentences(const Figures& figures);
/// How the harness limits the accuracy, and what to do about it; empty: it does not.
std::string limit_sentence(const Figures& figures);
/// "Round 7 was not measured: …."
std::string missed_sentence(const Missed& missed);
/// Empty if every round was begun.
std::string not_begun_sentence(const Figures& figures);

}  // namespace wsfault::bench
