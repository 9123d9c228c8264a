// Every way a scenario file can be wrong, and the whole text that says so.
#include <gtest/gtest.h>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

struct BadInput {
  const char* name;
  const char* text;  ///< behind title and role, which are lines 1 and 2
  const char* printed;
};

class BadScenario : public testing::TestWithParam<BadInput> {};

TEST_P(BadScenario, IsExplained) { EXPECT_EQ(errors_of(client(GetParam().text)), GetParam().printed); }

constexpr BadInput wrong_values[] = {
    {"UnknownKey", R"(deadlin = "10s"
)",
     R"()"},
    {"WrongType", R"(tags = 7
)",
     R"()"},
    {"OutOfRange", R"([[fault]]
inject = "close"
code = 70000
)",
     R"()"},
    {"BadDuration", R"(deadline = "10 seconds"
)",
     R"()"},
    {"DurationTooLong", R"([[expect]]
close = 1006
within = "25h"
)",
     R"()"},
    {"BadRegex", R"([[expect]]
message = "/a(b/"
within = "1s"
)",
     R"()"},
    {"TlsIsForLater", R"(tls = "front"
isolate = true
)",
     R"()"},
    {"ATableWhereAListBelongs", R"([fault]
inject = "reset"
)",
     R"()"},
    {"AClientInTheSeatOfTheSystem", R"([[client]]
name = "x"
)",
     R"()"},
};

constexpr BadInput wrong_variables[] = {
    {"UndefinedVariable", R"([[expect]]
close = 1006
within = "2 * ${hartbeat}"
)",
     R"()"},
    {"UndefinedEnvironment", R"([upstream]
steps = [{ send = "${env:WSFAULT_TEST_NOT_THERE}" }]
)",
     R"()"},
    {"VariableWithoutEnd", R"([upstream]
steps = [{ send = "${seq" }]
)",
     R"()"},
    {"AListInsideAText", R"([each]
row = [{ codes = [1000, 1001] }]
[[expect]]
close = "x ${row.codes}"
)",
     R"()"},
    {"EachIsNoList", R"([each]
code = 1000
)",
     R"()"},
    {"EachRowsDiffer", R"([each]
case = [{ code = 1, back = true }, { code = 2 }]
)",
     R"()"},
    {"EachMixes", R"([each]
case = [1, { code = 2 }]
)",
     R"()"},
    {"AWishOfTheWrongType", R"([system]
heartbeat = 5
)",
     R"()"},
};

constexpr BadInput wrong_faults[] = {
    {"UnknownFault", R"([[fault]]
inject = "rest"
)",
     R"()"},
    {"UnknownMoment", R"([[fault]]
inject = "reset"
when = "mesage 2"
)",
     R"()"},
    {"AFaultThatCannotStandThere", R"([[fault]]
inject = "kill"
at = "link"
)",
     R"()"},
    {"AProcessFaultWithoutAPlace", R"([[fault]]
inject = "kill"
)",
     R"()"},
    {"AFaultThatCannotHeal", R"([[fault]]
inject = "reset"
lasts = "1s"
)",
     R"()"},
    {"UnknownAttribute", R"([[fault]]
inject = "close"
cod = 1011
)",
     R"()"},
    {"UnknownFaultInAMoment", R"([[fault]]
inject = "fin"
when = "fault rest"
[[fault]]
inject = "reset"
when = { moment = "healed fn" }
)",
     R"()"},
    {"UnknownMark", R"([upstream]
steps = [{ mark = "subscribed" }]
[[fault]]
inject = "reset"
when = "mark subscribd"
)",
     R"()"},
    {"UnknownLinkAndParty", R"([[fault]]
inject = "reset"
when = { moment = "message 2", at = "back", of = "citizen" }
)",
     R"()"},
    {"TwoFaultsOfOneName", R"([[fault]]
inject = "reset"
name = "a"
[[fault]]
inject = "fin"
name = "a"
)",
     R"()"},
    {"WhichOfTwoFaultsIsMeant", R"([[fault]]
inject = "reset"
[[fault]]
inject = "reset"
when = "fault reset"
)",
     R"()"},
};

constexpr BadInput wrong_expectations[] = {
    {"TwoKinds", R"([[expect]]
close = 1006
status = 502
)",
     R"()"},
    {"NoKind", R"([[expect]]
clos = 1006
)",
     R"()"},
    {"SinceIsMissing", R"([[fault]]
inject = "reset"
[[fault]]
inject = "fin"
[[expect]]
close = 1006
within = "1s"
)",
     R"()"},
    {"SinceIsMissingWhereAStepInjects", R"([[fault]]
inject = "reset"
[upstream]
steps = [{ inject = "fin" }]
[[expect]]
close = 1006
within = "1s"
)",
     R"()"},
    {"UnknownParty", R"([[expect]]
of = "client"
close = 1006
)",
     R"()"},
    {"UnknownFaultInNever", R"([[fault]]
inject = "idle_kill"
idle = "1s"
[[expect]]
never = { fault = "idle-kill" }
for = "1s"
)",
     R"()"},
    {"UnknownMarkInOrder", R"([[expect]]
order = ["open", "mark x"]
within = "1s"
)",
     R"()"},
};

std::string name_of(const testing::TestParamInfo<BadInput>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Values, BadScenario, testing::ValuesIn(wrong_values), name_of);
INSTANTIATE_TEST_SUITE_P(Variables, BadScenario, testing::ValuesIn(wrong_variables), name_of);
INSTANTIATE_TEST_SUITE_P(Faults, BadScenario, testing::ValuesIn(wrong_faults), name_of);
INSTANTIATE_TEST_SUITE_P(Expectations, BadScenario, testing::ValuesIn(wrong_expectations), name_of);

TEST(BadFile, IsNotUtf8) { EXPECT_EQ(errors_of("title = \"\xff\"\n"), R"()"); }

TEST(BadFile, IsNotToml) { EXPECT_EQ(errors_of("title = \n"), R"()"); }

TEST(BadFile, HasNeitherTitleNorRole) { EXPECT_EQ(errors_of("tags = [\"tcp\"]\n"), R"()"); }

TEST(BadFile, HasAnUnknownRole) { EXPECT_EQ(errors_of("title = \"t\"\nrole = \"cleint\"\n"), R"()"); }

TEST(BadFile, AllErrorsAreSaidAtOnceInTheOrderOfTheFileAndEachOnce) {
  EXPECT_EQ(errors_of(client(R"(deadline = "10"
[each]
code = [1000, 1001]
[[fault]]
inject = "cloze"
[[expect]]
close = "${code}"
within = "soon"
[[expect]]
close = "${cod}"
)")),
            R"()");
}

TEST(BadFile, AValueOfEachIsWrongForOneCase) {
  EXPECT_EQ(errors_of(client(R"([each]
code = [1000, 99999]
[[fault]]
inject = "close"
code = "${code}"
)")),
            R"()");
}

TEST(BadSet, ATraitOfTheWrongType) {
  Setting setting = ordinary_setting();
  setting.set = {{"heartbeat", "5"}};
  EXPECT_EQ(errors_of(client(""), setting), R"()");
}

TEST(BadSet, AListOfRows) {
  Setting setting = ordinary_setting();
  setting.set = {{"case", "5"}};
  EXPECT_EQ(errors_of(client("[each]\ncase = [{ code = 1 }]\n"), setting), R"()");
}

}  // namespace
}  // namespace wsfault::scenario
