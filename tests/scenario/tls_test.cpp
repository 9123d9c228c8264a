// The key `tls`: its meaning in each role, its requirements on a system, and every error.
#include <gtest/gtest.h>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

using model::Tls;

std::string gateway(std::string_view rest) {
  return "title = \"t\"\nrole = \"gateway\"\n" + std::string(rest);
}

Setting gateway_setting(model::Kind kind, bool serves, bool dials) {
  Setting setting;
  setting.system.name = "gate";
  setting.system.role = model::Role::gateway;
  setting.system.kind = kind;
  if (serves) setting.system.tls.emplace();
  if (dials) setting.system.tls_back.emplace();
  return setting;
}

TEST(TlsKey, IsReadInEachRole) {
  EXPECT_EQ(case_of(client("")).scenario.tls, Tls::none);
  EXPECT_EQ(case_of(client("tls = false\n")).scenario.tls, Tls::none);
  EXPECT_EQ(case_of(client("tls = true\n")).scenario.tls, Tls::both);
  EXPECT_EQ(case_of(client("tls = \"passthrough\"\n")).scenario.tls, Tls::passthrough);
  const Setting setting = gateway_setting(model::Kind::http, true, true);
  EXPECT_EQ(case_of(gateway("tls = \"front\"\n"), setting).scenario.tls, Tls::front);
  EXPECT_EQ(case_of(gateway("tls = \"back\"\n"), setting).scenario.tls, Tls::back);
}

TEST(TlsKey, IsSetByTheOptionWhereTheFileDoesNotSay) {
  Setting setting = ordinary_setting();
  setting.tls = true;
  EXPECT_EQ(case_of(client(""), setting).scenario.tls, Tls::both);
  EXPECT_EQ(case_of(client("tls = false\n"), setting).scenario.tls, Tls::none);
  const LoadedCase loaded = case_of(client(""), setting);
  EXPECT_EQ(read_resolved(loaded.resolved)->scenario.tls, Tls::both);
}

TEST(TlsKey, SilencesTheOracleWhereTheLinkSeesNothing) {
  EXPECT_FALSE(case_of(client("tls = \"passthrough\"\n")).judged.appropriate);
  EXPECT_TRUE(case_of(client("tls = true\n")).judged.appropriate);
}

TEST(TlsKey, SkipsWhatTheSystemCannotDo) {
  const auto skip = [](std::string_view tls, model::Kind kind, bool serves, bool dials) {
    return case_of(gateway("tls = " + std::string(tls) + "\n"), gateway_setting(kind, serves, dials)).skip;
  };
  EXPECT_EQ(skip("true", model::Kind::http, false, true),
            "the system gate serves no TLS ([tls.front] in its system file)");
  EXPECT_EQ(skip("true", model::Kind::http, true, false),
            "the system gate speaks no TLS to its upstreams ([tls.back] in its system file)");
  EXPECT_EQ(skip("\"front\"", model::Kind::http, true, false), "");
  EXPECT_EQ(skip("\"back\"", model::Kind::http, false, true), "");
  EXPECT_EQ(skip("true", model::Kind::tcp, false, false), "");  // it forwards TLS like any other bytes
  EXPECT_EQ(case_of(client("tls = true\n")).skip, "");
}

TEST(TlsForm, TakesThePlaceOfFilesByTheirNames) {
  Setting setting = gateway_setting(model::Kind::http, true, true);
  setting.system.files = {{"front.conf", "plain.in"}, {"main.conf", "main.in"}};
  setting.system.tls->files = {{"front.conf", "tls.in"}};
  const auto files = case_of(gateway("tls = \"front\"\n"), setting).judged.system.files;
  EXPECT_EQ(files, (std::vector<std::pair<std::string, std::string>>{{"main.conf", "main.in"},
                                                                     {"front.conf", "tls.in"}}));
  EXPECT_EQ(case_of(gateway(""), setting).judged.system.files, setting.system.files);
}

struct Wrong {
  const char* name;
  const char* text;
  const char* printed;
};

class BadTls : public testing::TestWithParam<Wrong> {};

TEST_P(BadTls, IsExplained) { EXPECT_EQ(errors_of(client(GetParam().text)), GetParam().printed); }

INSTANTIATE_TEST_SUITE_P(
    All, BadTls,
    testing::Values(
        Wrong{"FrontOfAClient", "tls = \"front\"\n",
              R"(x.toml:3:7: error: `tls = "front"` is for gateways: a client has one link
  3 | tls = "front"
    |       ^
    = true, false or "passthrough"
)"},
        Wrong{"FaultWithoutTls", "[[fault]]\ninject = \"tls_expired\"\n",
              R"(x.toml:3:1: error: `tls_expired` needs TLS at "link"
  3 | [[fault]]
    | ^
    = tls = true in the scenario
)"},
        Wrong{
            "FrameFaultOnWhatPassesClosed",
            "tls = \"passthrough\"\n[[fault]]\ninject = \"bad_utf8\"\nwhen = \"connect\"\n",
            R"(x.toml:4:1: error: `bad_utf8` works on what is inside TLS, and with `tls = "passthrough"` the link leaves it closed
  4 | [[fault]]
    | ^
    = `tls = true` opens it
)"},
        Wrong{
            "MomentInsideTls", "tls = \"passthrough\"\n[[fault]]\ninject = \"reset\"\nwhen = \"message 2\"\n",
            R"(x.toml:4:1: error: "message 2" is inside TLS, and with `tls = "passthrough"` the link leaves it closed
  4 | [[fault]]
    | ^
    = allowed: start, connect, byte N, end, and moments that are not on the wire
)"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace wsfault::scenario
