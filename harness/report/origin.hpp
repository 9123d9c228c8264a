// The zero of a case's times.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "trace/trace.hpp"

namespace wsfault::report {

/// The time from which a case's times are counted.
struct Origin {
  std::int64_t at = 0;
  bool fault = false;  ///< a fault fired then; else it is the start
};

/// The origins of one log.
class Origins {
 public:
  explicit Origins(const trace::Trace& trace);
  /// The first firing of a fault on that connection (0: on any), else the first firing of any, else the time
  /// when all parties were ready, else the log's start.
  Origin of(int connection = 0) const;

 private:
  std::unordered_map<int, std::int64_t> fired_on_;
  Origin any_;
};

}  // namespace wsfault::report
