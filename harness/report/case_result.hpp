// The plain values that all report formats are fed.
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

/// A colour of a terminal, or none.
enum class Paint { none, red, green, yellow, cyan, bold, dim };

/// A line of the block that explains a case; all empty: a blank one.
struct ExplainedLine {
  std::string label;  ///< "expected", "cause"; empty: the text stands alone
  std::string text;
  Paint paint = Paint::none;
};

struct CaseResult {
  std::string id;  ///< "close/legal[code=1000]", with "#3" behind it for a repetition
  std::string title;
  std::string file;
  std::string role;
  std::string system;  ///< "reference client", a system's name, or the command
  std::vector<std::string> spec;
  verdict::Outcome outcome = verdict::Outcome::passed;  ///< after `known` was applied
  std::string reason;                                   ///< of skipped and error: one sentence
  std::string known;  ///< the reason of the [[known]] entry that was applied
  verdict::Judgement judgement;
  record::Events events;
  std::chrono::nanoseconds duration{0};
  std::uint64_t seed = 0;
  std::string repeat;                      ///< the command that repeats just this case with its seed
  std::vector<record::OutputLine> output;  ///< what the system printed, the last of it
  std::size_t position = 1;                ///< in the whole run, all its shards included; from 1
  int attempts = 1;                        ///< more: the run stood still in those before
  std::chrono::nanoseconds stalled{0};     ///< so long the run stood still in the last; 0: not noticeably

  verdict::Cuts cuts;  ///< what its log leaves out
  // Told by explain(), once, for all reports; of one that needs no look nothing.
  std::vector<ExplainedLine> explanation;
  std::optional<std::vector<ConnectionObserved>> connections;
};

/// Which part of a run this is (`--shard 1/4`), with what all its parts have in common.
struct Shard {
  int number = 1;  ///< from 1
  int of = 1;
  std::size_t cases_in_all = 0;
  std::string selection;  ///< tells one set of cases from another
};

struct RunSummary {
  std::vector<CaseResult> cases;  ///< in the order of selection
  std::chrono::nanoseconds wall{0};
  std::optional<std::uint64_t> seed;  ///< none: its shards had seeds of their own
  std::string version;
  bool interrupted = false;
  std::string stopped = {};    ///< why it could not work, in lines: cases were not run. Empty: it could
  std::optional<Shard> shard;  ///< none: the whole run
  std::vector<std::string> missing_shards{};  ///< of a merged run: "3/4"
};

}  // namespace wsfault::report
