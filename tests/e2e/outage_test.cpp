// An outage without privileges: the kernel drops the SYNs of a client, and says who waits for an answer.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* syn_lost = R"(title = "The first attempts to come back get no answer"
role  = "client"

[[fault]]
inject = "reset"
when   = "message 3"

[[fault]]
inject = "dark"
when   = { moment = "end", connection = 1 }
lasts  = "2500ms"
)";

Finished run_client(const Folder& folder, const std::string& client_options,
                    std::vector<std::string> options) {
  std::vector<std::string> arguments{
      "run", folder.write("syn.toml", syn_lost), "--client",
      fmt::format("{} reference client --url ${{url}} {}", WSFAULT_PROGRAM, client_options)};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_program(arguments);
}

TEST(Outage, AClientThatLimitsItsConnectingPasses) {
  const Folder folder;
  const Finished finished = run_client(folder, "", {"--set", "handshake_limit=1s"});
  EXPECT_EQ(finished.code, 0) << finished.out;
}

TEST(Outage, AClientThatHangsInConnectingFails) {
  const Folder folder;
  for (const char* report : {"json", "none"}) {
    const Finished finished =
        run_client(folder, "--defect no-connect-limit", {"--set", "handshake_limit=1s", "--report", report});
    EXPECT_EQ(finished.code, 1) << finished.out;
    EXPECT_TRUE(has(finished.out, "The client does not limit the handshake.")) << finished.out;
    EXPECT_TRUE(has(finished.out, "an attempt to connect gets no answer")) << finished.out;
  }
}

}  // namespace
}  // namespace wsfault::e2e
