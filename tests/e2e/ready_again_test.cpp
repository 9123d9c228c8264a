// A server that is started again is ready when its new process says so.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

TEST(ReadyAgain, WhatAnEarlierProcessPrintedDoesNotCount) {
  const Folder folder;
  const std::string system = folder.write("slow.toml", fmt::format(R"(name  = "slow to start"
role  = "server"
start = "sleep 1; exec {} reference server --listen ${{listen}}"
ready = {{ log = "/listening/", within = "20s" }}

[traits]
echoes = true
)",
                                                                   WSFAULT_PROGRAM));
  const Finished finished = run_program({"run", "server/restart-and-return", "--system", system, "-v"});
  EXPECT_EQ(finished.code, 0) << finished.out;
}

}  // namespace
}  // namespace wsfault::e2e
