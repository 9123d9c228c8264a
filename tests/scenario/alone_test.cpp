// What an upstream cannot do alone is an error, at its place.
#include "scenario/alone.hpp"

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
  check_alone(cases.front(), diagnostics);
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

}  // namespace
}  // namespace wsfault::scenario
