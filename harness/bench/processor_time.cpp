// getrusage() and /proc/stat.
#include "bench/processor_time.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace wsfault::bench {
namespace {

double own_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// "cpu3 user nice system idle iowait irq softirq steal …" (proc(5)), in ticks.
void add_processor(std::istream& fields, ProcessorTime& time) {
  constexpr int idle = 3;
  constexpr int iowait = 4;
  constexpr int counted = 8;  // guest time is already part of user time
  const double ticks_a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  for (int field = 0; field < counted; ++field) {
    double ticks = 0;
    if (!(fields >> ticks)) return;
    time.elapsed += ticks / ticks_a_second;
    if (field != idle && field != iowait) time.busy += ticks / ticks_a_second;
  }
}

}  // namespace

ProcessorTime processor_time() {
  ProcessorTime time;
  time.own = own_seconds();
  cpu_set_t ours;
  CPU_ZERO(&ours);
  sched_getaffinity(0, sizeof ours, &ours);
  time.processors = std::max(1, CPU_COUNT(&ours));
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    if (!name.starts_with("cpu") || name.size() == 3) continue;
    const int number = std::atoi(name.c_str() + 3);
    if (number < CPU_SETSIZE && CPU_ISSET(static_cast<std::size_t>(number), &ours))
      add_processor(fields, time);
  }
  return time;
}

ProcessorUse use_between(const ProcessorTime& begin, const ProcessorTime& end, double wall) {
  ProcessorUse use;
  use.processors = end.processors;
  if (wall > 0) use.own = (end.own - begin.own) / wall;
  if (end.elapsed > begin.elapsed) use.machine = (end.busy - begin.busy) / (end.elapsed - begin.elapsed);
  return use;
}

}  // namespace wsfault::bench
