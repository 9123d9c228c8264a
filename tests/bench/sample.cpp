// Figures for comparison with the printed forms.
#include "bench/sample.hpp"

namespace wsfault::bench::sample {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

Round round(int number, std::int64_t attempt) {
  Round made;
  made.number = number;
  made.after = {millisecond / 4, attempt, attempt, attempt + millisecond / 2, attempt + millisecond};
  made.attempts = 1;
  made.lost = {1, 0};
  made.fault_late = 120'000 + 1'000 * number;
  return made;
}

}  // namespace

Figures quiet() {
  Figures figures;
  figures.client = "reference client";
  figures.fault = "reset";
  figures.when = "open";
  figures.after = std::chrono::milliseconds(90);
  figures.within = std::chrono::seconds(60);
  figures.rounds = 4;
  figures.warmup = 2;
  figures.parallel = 1;
  figures.seed = 7;
  figures.wsfault = "0.1.0";
  figures.measured = {round(1, 10 * millisecond), round(2, 12 * millisecond), round(3, 12 * millisecond),
                      round(4, 38 * millisecond)};
  figures.measured.back().attempts = 2;
  figures.measured.back().duplicated = {0, 1};
  figures.timers_late = {60'000, 70'000, 80'000, 250'000};
  figures.use = {.own = 0.031, .machine = 0.214, .processors = 2};
  figures.wall = std::chrono::milliseconds(1234);
  return figures;
}

Figures limited() {
  Figures figures = quiet();
  figures.client = "node <app>.js ${url}";
  figures.version = "ws 8.18.0 on Node v20.20.2";
  figures.fault = "close";
  figures.with = {{"code", "1012"}};
  figures.down = std::chrono::seconds(2);
  figures.spread = std::chrono::milliseconds(500);
  figures.rounds = 3;
  figures.measured.resize(1);
  figures.missed = {
      {2, "the client noticed after 0.25ms and made no further attempt, within 1m", {"bye & out"}}};
  figures.timers_late = {60'000, 3'400'000};
  figures.use = {.own = 0.97, .machine = 0.99, .processors = 2};
  return figures;
}

}  // namespace wsfault::bench::sample
