// The plain values from which all report formats are made.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "record/event.hpp"
#include "report/observed.hpp"
#include "verdict/cut.hpp"
#include "verdict/judge.hpp"

namespace wsfault::report {

/// A terminal colour, or none.
enum class Paint { none, red, green, yellow, cyan, bold, dim };

/// A line of the block that explains a case; all members empty: a blank line.
struct ExplainedLine {
  std::string label;  ///< "expected", "cause"; empty: only the text
  std::string text;
  Paint paint = Paint::none;
};

struct CaseResult {
  std::string id;  ///< "close/legal[code=1000]", with "#3" appended for a repetition
  std::string title;
  std::string file;
  std::string role;
  std::string system;  ///< "reference client", a system's name, or the command
  std::vector<std::string> spec;
  verdict::Outcome outcome = verdict::Outcome::passed;  ///< after `known` was applied
  std::string reason;                                   ///< for skipped and error: one sentence
  std::string known;  ///< the reason of the [[known]] entry that was applied
  verdict::Judgement judgement;
  record::Events events;
  std::chrono::nanoseconds duration{0};
  std::uint64_t seed = 0;
  std::string repeat;                      ///< the command that repeats only this case, with its seed
  std::vector<record::OutputLine> output;  ///< the last lines that the system printed
  std::size_t position = 1;                ///< in the whole run, including all its shards; from 1
  int attempts = 1;                        ///< if more: the run stood still during the earlier ones
  std::chrono::nanoseconds stalled{0};     ///< how long the run stood still in the last; 0: not noticeably

  verdict::Cuts cuts;  ///< what its log leaves out
  // Filled in by explain(), once, for all reports; empty for a result that needs no look.
  std::vector<ExplainedLine> explanation;
  std::optional<std::vector<ConnectionObserved>> connections;
};

/// Which part of a run this is (`--shard 1/4`), with what all its parts share.
struct Shard {
  static constexpr int most = 10000;
  int number = 1;  ///< from 1
  int of = 1;      ///< at most `most`
  std::size_t cases_in_all = 0;
  std::string selection;  ///< identifies a set of cases
};

struct RunSummary {
  std::vector<CaseResult> cases;  ///< in the order of selection
  std::chrono::nanoseconds wall{0};
  std::optional<std::uint64_t> seed;  ///< none: its shards had different seeds
  std::string version;
  bool interrupted = false;
  std::string stopped = {};    ///< why the run could not work, in lines; cases were not run. Empty: it could
  std::optional<Shard> shard;  ///< none: the whole run
  std::vector<std::string> missing_shards{};  ///< for a merged run: "3/4"
};

}  // namespace wsfault::report
