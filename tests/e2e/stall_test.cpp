// A run that stood still cannot tell a slow system from a slow machine: cases that failed meanwhile run
// again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

/// A client with a heartbeat stays connected, unless nobody answers its pings.
constexpr const char* stays_open = R"(
title = "An open connection stays open"
role  = "client"

[[expect]]
never = { close = "any" }
for   = "2s"
)";

/// Runs it, and stops only the run, not the client, from the client's `open` to its `close`.
Finished run_standing_still(const Folder& folder, int attempts) {
  const std::string scenario = folder.write("open.toml", stays_open);
  const auto reports = folder.path() / "reports";
  const std::string client =
      fmt::format("{} reference client --url ${{url}} --heartbeat 200ms --heartbeat-timeout 600ms | tee {}",
                  WSFAULT_PROGRAM, reports.string());
  Program program({"run", scenario, "--client", client, "--json", (folder.path() / "results.json").string()});
  for (int i = 0; i < attempts; ++i) {
    const auto says = [&](std::string_view event) {
      return eventually([&] { return has(text_of(reports), event); });
    };
    if (!says(R"("open")")) return {-1, "it never opened"};
    program.signal(SIGSTOP);
    EXPECT_TRUE(says(R"("close")"));
    program.signal(SIGCONT);
    EXPECT_TRUE(i + 1 == attempts || eventually([&] { return !has(text_of(reports), R"("close")"); }))
        << "there is no further attempt";
  }
  return program.wait();
}

TEST(Stall, WhatFailedMeanwhileRunsAgain) {
  const Folder folder;
  const Finished finished = run_standing_still(folder, 1);
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_TRUE(has(finished.out, "1 ran again, for the run itself had stood still")) << finished.out;
  EXPECT_TRUE(has(text_of(folder.path() / "results.json"), R"("attempts": 2,)"));
}

TEST(Stall, AFailureThatStaysSaysThatTheRunStoodStill) {
  const Folder folder;
  const Finished finished = run_standing_still(folder, 3);
  EXPECT_EQ(finished.code, 3) << finished.out;
  EXPECT_TRUE(has(finished.out, "in the last of 3 attempts: limits may have passed meanwhile"))
      << finished.out;
}

}  // namespace
}  // namespace wsfault::e2e
