// Every way a script can be wrong, and the whole text that says so.
#include <gtest/gtest.h>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

struct BadStep {
  const char* name;
  const char* text;  ///< behind title and role, which are lines 1 and 2
  const char* printed;
};

class BadScript : public testing::TestWithParam<BadStep> {};

TEST_P(BadScript, IsExplained) { EXPECT_EQ(errors_of(client(GetParam().text)), GetParam().printed); }

constexpr BadStep wrong_steps[] = {
    {"UnknownStep", R"([upstream]
steps = [{ sent = "x" }]
)",
     R"()"},
    {"NoStep", R"([upstream]
steps = [{}, "send"]
)",
     R"()"},
    {"TwoSteps", R"([upstream]
steps = [{ send = "x", ping = "y" }]
)",
     R"()"},
    {"NoList", R"([upstream]
steps = { send = "x" }
)",
     R"()"},
    {"UnknownKeyOfAStep", R"([upstream]
steps = [{ expect = "x", withn = "1s" }]
)",
     R"()"},
    {"NoPayload", R"([upstream]
steps = [{ send = 5 }, { send = { hex = "f" } }, { send = { hex = "00", size = "1KiB" } }]
)",
     R"()"},
    {"NoMomentNoDuration", R"([upstream]
steps = [{ wait = "soon" }, { wait = "5 sec" }, { wait = "mark x" }]
)",
     R"()"},
    {"BadPattern", R"([upstream]
steps = [{ expect = "/(/" }]
)",
     R"()"},
    {"BadClose", R"([upstream]
steps = [{ close = 70000 }, { close = "soon" }, { close = true, reason = "x" }]
)",
     R"()"},
    {"BadFrame", R"([upstream]
steps = [{ frame = { opcode = 16, rvs = 1 } }]
)",
     R"()"},
    {"AnswersAreFirst", R"([upstream]
steps = [{ send = "x" }, { accept = true }]
)",
     R"()"},
    {"BlocksNeedSteps", R"([upstream]
steps = [{ repeat = 0, steps = [] }, { repeat = 2 }, { on = "message 1" }]
)",
     R"()"},
    {"ARuleInARule", R"([upstream]
steps = [{ on = "message 1", steps = [{ on = "close", steps = [] }] }]
)",
     R"()"},
    {"ARuleOnNothingThatComes", R"([upstream]
steps = [{ on = "idle 3s", steps = [] }]
)",
     R"()"},
    {"ARequestIsAnswered", R"([upstream]
steps = [{ on = "http /x/", steps = [{ send = "x" }] }]
)",
     R"()"},
    {"BadMark", R"([upstream]
steps = [{ mark = "a b" }]
)",
     R"()"},
    {"AnInjectedFaultHasItsMoment", R"([upstream]
steps = [{ inject = "reset", when = "open" }, { inject = "rest" }]
)",
     R"()"},
    {"BadSessions", R"([[upstream.session]]
steps = []
[[upstream.session]]
connection = 1
[[upstream.session]]
connection = 2
steps = []
[[upstream.session]]
connection = 2
steps = []
)",
     R"()"},
    {"ARealServerPlaysNothing", R"([upstream]
url = "http://localhost"
steps = []
)",
     R"()"},
    {"TwoUpstreamsOfOneName", R"([[upstream]]
name = "blue"
[[upstream]]
name = "blue"
)",
     R"()"},
};

INSTANTIATE_TEST_SUITE_P(Steps, BadScript, testing::ValuesIn(wrong_steps),
                         [](const testing::TestParamInfo<BadStep>& info) {
                           return std::string(info.param.name);
                         });

TEST(BadClient, IsExplained) {
  EXPECT_EQ(errors_of(R"(title = "t"
role = "server"
[upstream]
[[client]]
name = "sut"
start = "fault deploy"
request = { pat = "/" }
steps = [{ accept = true }, { on = "http /x/", steps = [] }]
)"),
            R"()");
}

}  // namespace
}  // namespace wsfault::scenario
