// All results of a benchmark, as the values from which the console, JSON and HTML forms are printed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/round.hpp"
#include "bench/statistics.hpp"
#include "value/units.hpp"

namespace wsfault::bench {

struct Missed {
  int number = 0;  ///< of the round; 0: of the warm-up
  std::string why;
  std::vector<std::string> output;  ///< the client's last lines
};

/// How much of the processors was used while the rounds ran.
struct ProcessorUse {
  double own = 0;      ///< of the harness's only thread, 0 to 1
  double machine = 0;  ///< of all processors that it may use, by all processes, 0 to 1
  int processors = 1;
};

struct Figures {
  // the request
  std::string client;   ///< "reference client", a system's name, or the command
  std::string version;  ///< the version that the client reports; may be empty
  std::string fault;
  std::vector<std::pair<std::string, std::string>> with;  ///< its attributes that were chosen
  std::string when;                                       ///< its moment
  Duration after{0};                                      ///< its delay after that
  Duration down{0};
  Duration spread{0};
  Duration within{0};
  int rounds = 0;
  int warmup = 0;
  std::size_t parallel = 1;
  std::uint64_t seed = 0;
  std::string wsfault;  ///< the version of the program

  // the results
  std::vector<Round> measured;  ///< in the order of their numbers
  std::vector<Missed> missed;
  std::vector<std::int64_t> timers_late;  ///< nanoseconds, samples of the whole run
  ProcessorUse use;
  std::chrono::nanoseconds wall{0};
  bool interrupted = false;
  bool broken = false;  ///< a round was missed because of the harness or its environment

  int not_begun() const;  ///< of the rounds that count
};

std::vector<std::int64_t> since_fault(const Figures& figures, Phase phase);
std::vector<std::int64_t> steps(const Figures& figures, Phase phase);
std::vector<std::int64_t> faults_late(const Figures& figures);

/// One number per round, with its name: attempts, messages lost and duplicated.
struct Count {
  std::string_view key;    ///< "lost_to_client"
  std::string_view words;  ///< "lost to the client"
  std::int64_t (*of)(const Round&);
};
const std::vector<Count>& counts();
std::vector<std::int64_t> values(const Figures& figures, const Count& count);

/// Why the harness limits the accuracy of the figures, one sentence each; empty: it does not.
std::vector<std::string> limits(const Figures& figures);

/// The one time axis on which all phases are drawn; nanoseconds.
struct Axis {
  std::int64_t low = 0;
  std::int64_t high = 1;
  std::int64_t step = 1;  ///< between two marks
};
/// From 0 (unless all values are far from it) to the last value, both as round numbers; if the last value is
/// far out, to the 99th percentile of the last phase.
Axis axis_of(const Figures& figures);
/// A mark of the axis, all in one unit: "20ms", "1.5s".
std::string mark_text(const Axis& axis, std::int64_t value);

}  // namespace wsfault::bench
