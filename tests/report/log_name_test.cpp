// The names of a case's files.
#include "report/log_name.hpp"

#include <gtest/gtest.h>

#include <set>

#include "wire/utf8.hpp"

namespace wsfault::report {
namespace {

std::vector<std::string> names_of(const std::vector<std::string>& ids) {
  std::vector<LogCase> cases;
  for (const std::string& id : ids) cases.push_back({id, "x.toml"});
  return log_names(cases);
}

TEST(LogNames, AreIdsWithoutWhatFileSystemsDoNotTake) {
  EXPECT_EQ(
      names_of({"1006/server-crash", "close/legal[code=1000]", "a:b*c?d\"e<f>g|h\\i j", "tab\there\x7f"}),
      (std::vector<std::string>{"1006-server-crash", "close-legal[code=1000]", "a-b-c-d-e-f-g-h-i-j",
                                "tab-here-"}));
}

TEST(LogNames, AreNeitherFoldersNorHidden) {
  for (const char* id : {".", "..", "", "/", ".hidden", "../../etc/passwd", "\xff\xfe"}) {
    const std::string name = names_of({id}).front();
    EXPECT_FALSE(name.empty()) << id;
    EXPECT_FALSE(name.starts_with('.')) << name;
    EXPECT_EQ(name.find('/'), std::string::npos) << name;
    EXPECT_TRUE(wire::is_utf8(name)) << name;
  }
}

TEST(LogNames, AreAllDifferentEvenWhereCaseIsNotToldApart) {
  const std::vector<std::string> ids = {"a/b", "a-b", "a b", "A-B", "a\nb", "x", "X", ".", "..", "-", "a-b"};
  std::set<std::string> folded;
  for (std::string name : names_of(ids)) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_TRUE(folded.insert(name).second) << name;
  }
  EXPECT_EQ(folded.size(), ids.size());
}

// Two folders may each have a scenario of the same name.
TEST(LogNames, OfOneIdInTwoFilesDiffer) {
  const auto names = log_names({{"crash", "one/crash.toml"}, {"crash", "two/crash.toml"}});
  EXPECT_NE(names[0], names[1]);
}

TEST(LogNames, OfLongIdsAreCutAtACharacterAndStayApart) {
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ü";
  const std::string long_one(300, 'x');
  const auto names = names_of({long_one, long_one + "y", umlauts});
  std::set<std::string> different(names.begin(), names.end());
  EXPECT_EQ(different.size(), 3U);
  for (const std::string& name : names) {
    EXPECT_LE(name.size(), 200U);
    EXPECT_GE(name.size(), 150U);
    EXPECT_TRUE(wire::is_utf8(name)) << name;
  }
}

TEST(LogNames, AreTheSameInEachRun) {
  EXPECT_EQ(names_of({"a/b", "a-b"}), names_of({"a/b", "a-b"}));
  EXPECT_EQ(names_of({"a/b", "a-b"})[0], names_of({"a-b", "a/b"})[1]);
  EXPECT_EQ(names_of({"a/b"}), std::vector<std::string>{"a-b"});
}

}  // namespace
}  // namespace wsfault::report
