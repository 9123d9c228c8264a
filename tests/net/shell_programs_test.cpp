// Which processes below a shell should receive a signal.
#include "net/shell_programs.hpp"

#include <gmock/gmock.h>

namespace wsfault::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr pid_t keeper = 1;
constexpr pid_t first = 2;

std::vector<pid_t> programs(const std::vector<ShellProcess>& processes) {
  return programs_of_shell(processes, keeper, first);
}

TEST(ProgramsOfAShell, AreItselfOnceItIsAProgram) {
  EXPECT_THAT(programs({{2, keeper}, {3, 2, false, true}, {4, 2, false, true}}), ElementsAre(2));
}

TEST(ProgramsOfAShell, AreItselfAsLongAsItRunsNothing) {
  EXPECT_THAT(programs({{2, keeper, true}}), ElementsAre(2));
}

TEST(ProgramsOfAShell, AreWhatItStartedAndNotWhatThatStarted) {
  EXPECT_THAT(programs({{2, keeper, true}, {3, 2}, {4, 3}, {5, 3}}), ElementsAre(3));
}

TEST(ProgramsOfAShell, AreThoseOfItsSubshellsToo) {
  EXPECT_THAT(programs({{2, keeper, true}, {3, 2, true}, {4, 3}, {5, 2, true}}), ElementsAre(4, 5));
}

TEST(ProgramsOfAShell, AreThereWhenTheShellIsGone) {
  EXPECT_THAT(programs({{3, keeper}}), ElementsAre(3));
  EXPECT_THAT(programs({}), IsEmpty());
}

TEST(ProgramsOfAShell, AreThoseWithASocketWhereOneHasOne) {
  EXPECT_THAT(programs({{2, keeper, true}, {3, 2}, {4, 2, false, true}, {5, 2}}), ElementsAre(4));
  // npm has no socket, and the program that it runs has one.
  EXPECT_THAT(programs({{2, keeper, true}, {3, 2}, {4, 2}, {5, 4, false, true}}), ElementsAre(4));
}

TEST(ProgramsOfAShell, AreNoFiltersOfAPipeline) {
  const ShellProcess client{3, 2, false, false, "/dev/null", {"pipe:[7]", "pipe:[1]"}};
  const ShellProcess filter{4, 2, false, false, "pipe:[7]", {"pipe:[2]", "pipe:[1]"}};
  EXPECT_THAT(programs({{2, keeper, true}, client, filter}), ElementsAre(3));
  EXPECT_THAT(programs({{2, keeper, true}, filter}), ElementsAre(4));
}

}  // namespace
}  // namespace wsfault::net
