// Loads scenario texts against a small system, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "fault/catalogue.hpp"
#include "scenario/load.hpp"

namespace wsfault::scenario {

/// A client that declares a settable heartbeat, and has no drain.
inline Setting ordinary_setting() {
  Setting setting;
  setting.system.name = "node";
  setting.system.traits.values = {{"heartbeat", Value("200ms")},
                                  {"heartbeat_timeout", Value("100ms")},
                                  {"handshake_limit", Value("1s")},
                                  {"drain", Value("none")}};
  Value backoff{Value::Table{}};
  backoff.set("first", Value("100ms"));
  backoff.set("factor", Value(2));
  backoff.set("max", Value("1s"));
  setting.system.traits.values.emplace("backoff", std::move(backoff));
  setting.system.settable = {"heartbeat", "backoff.max"};
  return setting;
}

/// The names of all faults become "<the catalogue>", so that a new fault does not change the tests.
inline std::string without_catalogue(std::string text) {
  std::string names;
  for (const fault::Entry& entry : fault::catalogue()) {
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  for (std::size_t at = text.find(names); at != std::string::npos; at = text.find(names)) {
    text.replace(at, names.size(), "<the catalogue>");
  }
  return text;
}

/// The printed errors of an invalid text.
inline std::string errors_of(std::string_view text, const Setting& setting = ordinary_setting()) {
  Diagnostics diagnostics("x.toml", std::string(text));
  EXPECT_TRUE(load_scenario("x", setting, text, diagnostics).empty() || diagnostics.ok());
  return without_catalogue(diagnostics.print());
}

inline std::vector<LoadedCase> cases_of(std::string_view text, const Setting& setting = ordinary_setting()) {
  Diagnostics diagnostics("x.toml", std::string(text));
  std::vector<LoadedCase> cases = load_scenario("x", setting, text, diagnostics);
  EXPECT_EQ(diagnostics.print(), "");
  return cases;
}

inline LoadedCase case_of(std::string_view text, const Setting& setting = ordinary_setting()) {
  std::vector<LoadedCase> cases = cases_of(text, setting);
  EXPECT_EQ(cases.size(), 1u);
  return cases.empty() ? LoadedCase{} : cases.front();
}

/// The first lines that every scenario of role client needs.
inline std::string client(std::string_view rest) {
  return "title = \"t\"\nrole = \"client\"\n" + std::string(rest);
}

}  // namespace wsfault::scenario
