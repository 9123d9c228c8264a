// Anything that an upstream cannot do by itself is an error, with its place.
#include "scenario/standalone.hpp"

#include <gtest/gtest.h>

#include "scenario/outline.hpp"

namespace wsfault::scenario {
namespace {

std::string errors(const std::string& text) {
  Diagnostics diagnostics("x.toml", text);
  Setting setting;
  setting.system.role = outline(text).role.value_or(model::Role::client);
  const auto cases = load_scenario("x", setting, text, diagnostics);
  EXPECT_EQ(diagnostics.print(), "");
  if (cases.size() != 1) return "no case";
  check_standalone(cases.front(), diagnostics);
  return diagnostics.print();
}

TEST(Alone, WhatItsLinkDoesIsNoError) {
  EXPECT_EQ(errors(R"(title = "x"
role  = "client"
[upstream]
steps = [{ mark = "here" }, { wait = "mark here" }, { wait = "fault reset" }, { wait = "message 1 done" }, { inject = "fin" },
         { wait = { moment = "message 2", of = "sut", at = "link" } }]
[[fault]]
inject = "reset"
when   = "mark here"
)"),
            "");
}

TEST(Alone, WhatNeedsOthersIsAnErrorAtItsPlace) {
  struct Row {
    const char* text;
    const char* error;  ///< its first line
  };
  const Row rows[] = {
      {"title = \"x\"\nrole = \"server\"\n", "x.toml:2:8: error: a scenario of role server has no upstream"},
      {"title = \"x\"\nrole = \"client\"\n[upstream]\nurl = \"ws://127.0.0.1:1/\"\n",
       "x.toml:4:7: error: a real server plays no script: there is nothing to run"},
      {"title = \"x\"\nrole = \"client\"\ntls = true\n",
       "x.toml:3:7: error: a standalone upstream speaks no TLS"},
      {"title = \"x\"\nrole = \"client\"\n[upstream]\nsteps = [{ send = \"x\" }, { inject = \"kill\", at = "
       "\"upstream\" }]\n",
       "x.toml:4:26: error: `kill` strikes the process of upstream: a standalone upstream has none to "
       "strike"},
      {"title = \"x\"\nrole = \"client\"\n[upstream]\nsteps = [{ wait = \"exit\" }]\n",
       "x.toml:4:19: error: \"exit\" never comes: a standalone upstream sees no process"},
      {"title = \"x\"\nrole = \"client\"\n[[fault]]\ninject = \"reset\"\nwhen = \"log /x/\"\n",
       "x.toml:3:1: error: \"log /x/\" never comes: a standalone upstream sees no process"},
      {"title = \"x\"\nrole = \"gateway\"\n[upstream]\nsteps = [{ repeat = 2, steps = [{ wait = { moment = "
       "\"open\", at = \"front\" } }] }]\n",
       "x.toml:4:42: error: a standalone upstream has no link \"front\""},
      {"title = \"x\"\nrole = \"gateway\"\n[upstream]\nsteps = [{ wait = \"mark m\" }]\n[[client]]\nsteps = "
       "[{ mark = \"m\" }]\n",
       "x.toml:4:19: error: \"mark m\" never comes: only the script of a client reaches it"},
      {"title = \"x\"\nrole = \"gateway\"\n[[fault]]\ninject = \"reset\"\nat = \"front\"\n",
       "x.toml:3:1: error: a standalone upstream has no link \"front\""},
      {"title = \"x\"\nrole = \"gateway\"\n[upstream]\nsteps = [{ wait = { moment = \"open\", of = "
       "\"client\" } }]\n",
       "x.toml:4:19: error: beside a standalone upstream there is no party \"client\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const std::string all = errors(row.text);
    EXPECT_EQ(all.substr(0, all.find('\n')), row.error);
  }
}

}  // namespace
}  // namespace wsfault::scenario
