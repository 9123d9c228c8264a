// All that a benchmark found out, as the values that the console, JSON and HTML forms are printed from.
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
  double own = 0;      ///< of the one thread that the harness runs on, 0 to 1
  double machine = 0;  ///< of all processors that it may use, by whatever ran on them, 0 to 1
  int processors = 1;
};

struct Figures {
  // what was asked
  std::string client;   ///< "reference client", a system's name, or the command
  std::string version;  ///< what the client says of its version; may be empty
  std::string fault;
  std::vector<std::pair<std::string, std::string>> with;  ///< its attributes that were chosen
  std::string when;                                       ///< its moment
  Duration after{0};                                      ///< its delay behind that
  Duration down{0};
  Duration spread{0};
  Duration within{0};
  int rounds = 0;
  int warmup = 0;
  std::size_t parallel = 1;
  std::uint64_t seed = 0;
  std::string wsfault;  ///< the version of the program

  // what came of it
  std::vector<Round> measured;  ///< in the order of their numbers
  std::vector<Missed> missed;
  std::vector<std::int64_t> timers_late;  ///< nanoseconds, samples of the whole run
  ProcessorUse use;
  std::chrono::nanoseconds wall{0};
  bool interrupted = false;
  bool broken = false;  ///< a round was missed through the harness or its environment

  int not_begun() const;  ///< of the rounds that count
};

std::vector<std::int64_t> since_fault(const Figures& figures, Phase phase);
std::vector<std::int64_t> steps(const Figures& figures, Phase phase);
std::vector<std::int64_t> faults_late(const Figures& figures);

/// One number of each round, with its name: attempts, messages lost and duplicated.
struct Count {
  std::string_view key;    ///< "lost_to_client"
  std::string_view words;  ///< "lost to the client"
  std::int64_t (*of)(const Round&);
};
const std::vector<Count>& counts();
std::vector<std::int64_t> values(const Figures& figures, const Count& count);

/// Why the harness limited what was measured, each one sentence; none: it did not.
std::vector<std::string> limits(const Figures& figures);

/// The one axis of time on which all phases are drawn; nanoseconds.
struct Axis {
  std::int64_t low = 0;
  std::int64_t high = 1;
  std::int64_t step = 1;  ///< between two marks
};
/// Between round numbers, from 0 unless all values are far from it, to the last value; where that lies far
/// out, to the 99th percentile of the last phase.
Axis axis_of(const Figures& figures);
/// A mark of the axis, all in one unit: "20ms", "1.5s".
std::string mark_text(const Axis& axis, std::int64_t value);

}  // namespace wsfault::bench
