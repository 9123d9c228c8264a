// The console, JSON and HTML forms; the docs show what is really printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "bench/console.hpp"
#include "bench/json.hpp"
#include "bench/page.hpp"
#include "bench/page_chart.hpp"
#include "bench/sample.hpp"

namespace wsfault::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string reconnect_page() {
  std::ifstream in(WSFAULT_SOURCE_DIR "/docs/reconnect.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Console, Whole) {
  EXPECT_EQ(print_console(sample::quiet()), R"text(Reconnect of reference client after reset
The fault comes 90ms after open
4 rounds, 2 before them not counted, 1 at once; seed 7

since the fault            min     p50     p90     p95     p99     max    mean
  noticed               0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms │█                   │
  first attempt         10.0ms  12.0ms  38.0ms  38.0ms  38.0ms  38.0ms  18.0ms │     ▄█            ▄│
  connected             10.0ms  12.0ms  38.0ms  38.0ms  38.0ms  38.0ms  18.0ms │     ▄█            ▄│
  open                  10.5ms  12.5ms  38.5ms  38.5ms  38.5ms  38.5ms  18.5ms │     ▄█            ▄│
  first message         11.0ms  13.0ms  39.0ms  39.0ms  39.0ms  39.0ms  19.0ms │     ▄█            ▄│

each step by itself        min     p50     p90     p95     p99     max    mean
  fault → noticed       0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms
  → first attempt       9.75ms  11.8ms  37.8ms  37.8ms  37.8ms  37.8ms  17.8ms
  → connected           0.00ms  0.00ms  0.00ms  0.00ms  0.00ms  0.00ms  0.00ms
  → open                0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms
  → first message       0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms

in a round                 min     p50     p90     p95     p99     max    mean
  attempts                   1       1       2       2       2       2    1.25
  lost to the client         1       1       1       1       1       1       1
  lost to the server         0       0       0       0       0       0       0
  twice to the client        0       0       0       0       0       0       0
  twice to the server        0       0       1       1       1       1    0.25

The bars go from 0ms to 40ms.
The harness's timers were late by 0.07ms at p50, 0.25ms at p99, 0.25ms at most.
Its faults were late by 0.12ms at p50, 0.12ms at p99, 0.12ms at most.
It used 3% of one processor; 21% of 2 processors was in use during its 1.2s.
)text");
}

TEST(Console, WhatWasNotMeasuredAndWhatLimitedIt) {
  EXPECT_EQ(print_console(sample::limited()), R"text(Reconnect of node <app>.js ${url} after close, code=1012
ws 8.18.0 on Node v20.20.2
The fault comes 90ms after open, or up to 500ms later; then the server stays away for 2s
3 rounds, 2 before them not counted, 1 at once; seed 7

since the fault            min     p50     p90     p95     p99     max    mean
  noticed               0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms │█                   │
  first attempt         10.0ms  10.0ms  10.0ms  10.0ms  10.0ms  10.0ms  10.0ms │                █   │
  connected             10.0ms  10.0ms  10.0ms  10.0ms  10.0ms  10.0ms  10.0ms │                █   │
  open                  10.5ms  10.5ms  10.5ms  10.5ms  10.5ms  10.5ms  10.5ms │                 █  │
  first message         11.0ms  11.0ms  11.0ms  11.0ms  11.0ms  11.0ms  11.0ms │                  █ │

each step by itself        min     p50     p90     p95     p99     max    mean
  fault → noticed       0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms  0.25ms
  → first attempt       9.75ms  9.75ms  9.75ms  9.75ms  9.75ms  9.75ms  9.75ms
  → connected           0.00ms  0.00ms  0.00ms  0.00ms  0.00ms  0.00ms  0.00ms
  → open                0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms
  → first message       0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms  0.50ms

in a round                 min     p50     p90     p95     p99     max    mean
  attempts                   1       1       1       1       1       1       1
  lost to the client         1       1       1       1       1       1       1
  lost to the server         0       0       0       0       0       0       0
  twice to the client        0       0       0       0       0       0       0
  twice to the server        0       0       0       0       0       0       0

The bars go from 0ms to 12ms.
The harness's timers were late by 0.06ms at p50, 3.40ms at p99, 3.40ms at most.
Its faults were late by 0.12ms at p50, 0.12ms at p99, 0.12ms at most.
It used 97% of one processor; 99% of 2 processors was in use during its 1.2s.
Limited by the harness's own machine: the harness's one thread was busy for 97% of the time; the 2 processors were busy for 99% of the time; its timers were late by 3.40ms at p99. Times hold the waiting for a processor, too: let nothing else run on it.
Round 2 was not measured: the client noticed after 0.25ms and made no further attempt, within 1m.
  | bye & out
Not begun after that: 1 of 3 rounds.
)text");
}

TEST(Console, OfNothingMeasuredHasNoTables) {
  Figures figures = sample::limited();
  figures.measured.clear();
  EXPECT_THAT(print_console(figures), Not(HasSubstr("p50     p90")));
  EXPECT_THAT(print_console(figures), HasSubstr("Round 2 was not measured: the client noticed after 0.25ms"));
}

TEST(Json, TellsWhatWasNotMeasured) {
  const std::string json = print_json(sample::limited());
  EXPECT_THAT(
      json, HasSubstr(R"("why": "the client noticed after 0.25ms and made no further attempt, within 1m")"));
  EXPECT_THAT(json, HasSubstr(R"("not_begun": 1)"));
  EXPECT_THAT(json, HasSubstr(R"("with": {"code": "1012"})"));
  EXPECT_THAT(json, HasSubstr(R"("the 2 processors were busy for 99% of the time")"));
}

/// The docs contain the whole document of a single round.
TEST(Docs, ShowTheJson) {
  Figures figures = sample::quiet();
  figures.measured.resize(1);
  figures.rounds = 1;
  EXPECT_THAT(reconnect_page(), HasSubstr("```\n" + print_json(figures) + "```\n"));
}

TEST(Docs, ShowTheConsole) {
  EXPECT_THAT(reconnect_page(), HasSubstr("```\n" + print_console(sample::quiet()) + "```\n"));
}

TEST(Chart, Whole) {
  EXPECT_EQ(
      print_chart({10'000'000, 12'000'000, 12'000'000, 38'000'000}, {0, 40'000'000, 20'000'000}, "open"),
      R"text(<svg viewBox="0 0 880 170" role="img" aria-label="open">
<line class="grid" x1="52.0" y1="22.0" x2="52.0" y2="144.0"/>
<text x="52.0" y="160.0" text-anchor="middle">0ms</text>
<line class="grid" x1="440.0" y1="22.0" x2="440.0" y2="144.0"/>
<text x="440.0" y="160.0" text-anchor="middle">20ms</text>
<line class="grid" x1="828.0" y1="22.0" x2="828.0" y2="144.0"/>
<text x="828.0" y="160.0" text-anchor="middle">40ms</text>
<text x="836.0" y="148.0" text-anchor="start">0%</text>
<text x="836.0" y="87.0" text-anchor="start">50%</text>
<text x="836.0" y="26.0" text-anchor="start">100%</text>
<line class="axis" x1="52.0" y1="144.0" x2="828.0" y2="144.0"/>
<rect class="bar" x="246.5" y="22.0" width="63.7" height="122.0"><title>10.0ms to 13.3ms: 3 rounds</title></rect>
<rect class="bar" x="763.8" y="103.3" width="63.7" height="40.7"><title>36.7ms to 40.0ms: 1 round</title></rect>
<text x="44.0" y="26.0" text-anchor="end">3</text>
<text x="44.0" y="148.0" text-anchor="end">0</text>
<polyline class="line" points="52.0,144.0 246.0,144.0 246.0,113.5 284.8,113.5 284.8,83.0 284.8,83.0 284.8,52.5 789.2,52.5 789.2,22.0 828.0,22.0"/>
<line class="mark" x1="284.8" y1="22.0" x2="284.8" y2="144.0"/>
<line class="mark" x1="789.2" y1="22.0" x2="789.2" y2="144.0"/>
<text x="284.8" y="14.0" text-anchor="middle" class="value">p50 12.0ms</text>
<text x="789.2" y="14.0" text-anchor="middle" class="value">p99 38.0ms</text>
</svg>
)text");
}

TEST(Page, NeedsNothingElse) {
  const std::string page = print_page(sample::quiet());
  for (const char* part : {"http:", "https:", "<script", "<link", "src=", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(Page, HasAPanelForEachPhaseAndTheTable) {
  const std::string page = print_page(sample::quiet());
  for (const Phase phase : phases)
    EXPECT_THAT(page, HasSubstr("<h2>" + std::string(to_string(phase)) + "</h2>"));
  EXPECT_THAT(page, HasSubstr("<tr><th scope=\"row\">open</th><td>10.5ms</td><td>12.5ms</td>"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"alert\"")));
}

TEST(Page, SaysWhatLimitedItAndWhatWasNotMeasured) {
  const std::string page = print_page(sample::limited());
  EXPECT_THAT(page, HasSubstr("<section class=\"alert\">"));
  EXPECT_THAT(
      page,
      HasSubstr("<p>Limited by the harness's own machine: the harness's one thread was busy for 97% of "));
  EXPECT_THAT(page, HasSubstr("<p>Round 2 was not measured: the client noticed after 0.25ms and made no "));
  EXPECT_THAT(page, HasSubstr("<h1>Reconnect of node &lt;app&gt;.js ${url} after close, code=1012</h1>"));
}

TEST(Page, TellsOfWhatIsBeyondTheAxis) {
  Figures figures = sample::quiet();
  for (int i = 0; i < 200; ++i) figures.measured.push_back(figures.measured.front());
  figures.measured.front().after.back() = 5'000'000'000;
  EXPECT_THAT(print_page(figures), HasSubstr("1 is beyond the axis, in the last bar."));
}

}  // namespace
}  // namespace wsfault::bench
