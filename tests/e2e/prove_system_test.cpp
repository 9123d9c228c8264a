// `prove --system`: scenarios against a system file's own [defects], and the report of a `refutes` that is
// not true.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The reference client, described as a user's system that speaks a protocol.
constexpr const char* system_file = R"x(name   = "chat"
role   = "client"
report = "json"
start  = "exec $PROGRAM reference client --url ${url} $(test ${defect} = none || echo --defect ${defect})"
env    = { PROGRAM = ")x" WSFAULT_PROGRAM R"x(" }

[traits]
protocol = "chat"

[defects]
never-notices = "keeps a dead connection"
no-pong       = "answers no ping"
)x";

std::string scenario(const std::string& refutes) {
  return "title    = \"The server resets\"\nrole     = \"client\"\nrefutes  = " + refutes + R"(
deadline = "3s"

[system]
protocol = "chat"

[[fault]]
inject = "reset"
when   = "message 2"

[[expect]]
close  = 1006
within = "1s"
)";
}

constexpr const char* plain = R"(title = "Of no protocol"
role  = "client"
)";

TEST(ProveSystem, HoldsScenariosOfItsProtocolAgainstItsDefects) {
  Folder folder;
  const std::string system = folder.write("system.toml", system_file);
  const std::string true_one = folder.write("true.toml", scenario(R"(["never-notices"])"));
  const std::string other = folder.write("other.toml", plain);
  const Finished run =
      run_program({"prove", true_one, other, "--named", "--defect", "never-notices", "--system", system});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("true     .*F\n"));
  EXPECT_THAT(run.out, HasSubstr("1 scenario left out, of other protocols"));
  EXPECT_THAT(run.out, HasSubstr("2 cases in"));
}

TEST(ProveSystem, ComplainsOfWhatIsClaimedInVain) {
  Folder folder;
  const std::string system = folder.write("system.toml", system_file);
  const std::string vain = folder.write("vain.toml", scenario(R"(["no-pong", "no-such"])"));
  const Finished run = run_program({"prove", vain, "--named", "--system", system});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_THAT(run.out, HasSubstr("vain: must fail on \"no-pong\", and was passed\n"));
  EXPECT_THAT(run.out, HasSubstr("vain: there is no defect \"no-such\"\n"));
  EXPECT_THAT(run.out, HasSubstr("no scenario refutes \"never-notices\"\n"));
}

TEST(ProveSystem, WithoutDefectsOrCasesThereIsNoProof) {
  Folder folder;
  const std::string whole = system_file;
  const std::string bare = folder.write("bare.toml", whole.substr(0, whole.find("[defects]")));
  const std::string system = folder.write("system.toml", system_file);
  const std::string other = folder.write("other.toml", plain);
  const Finished none = run_program({"prove", other, "--system", bare});
  EXPECT_EQ(none.code, 2) << none.out;
  EXPECT_THAT(none.out, HasSubstr("unknown variable ${defect}"));
  const Finished empty = run_program({"prove", other, "--system", system});
  EXPECT_EQ(empty.code, 3) << empty.out;
  EXPECT_THAT(empty.out, HasSubstr("nothing was run, so nothing is proved"));
  EXPECT_THAT(empty.out, Not(HasSubstr("complaints")));
}

}  // namespace
}  // namespace wsfault::e2e
