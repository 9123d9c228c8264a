// Which files are scenarios, in what order, and what a scenario is called.
#include "runner/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace wsfault::runner {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<std::string>;

TEST(ScenarioId, IsThePathBelowScenarios) {
  EXPECT_EQ(scenario_id("scenarios/1006/server-crash.toml"), "1006/server-crash");
  EXPECT_EQ(scenario_id("/opt/wsfault/scenarios/close/legal.toml"), "close/legal");
  EXPECT_EQ(scenario_id("./scenarios//close/../1006/server-crash.toml"), "1006/server-crash");
  EXPECT_EQ(scenario_id("scenarios/one.toml"), "one");
  EXPECT_EQ(scenario_id("a/scenarios/b/scenarios/c/d.toml"), "c/d");
  EXPECT_EQ(scenario_id("scenarios/v1.2.toml"), "v1.2");
}

TEST(ScenarioId, IsTheFilesOwnNameElsewhere) {
  EXPECT_EQ(scenario_id("mine.toml"), "mine");
  EXPECT_EQ(scenario_id("/tmp/x/mine.toml"), "mine");
  EXPECT_EQ(scenario_id("my-scenarios/mine.toml"), "mine");
}

/// A folder of empty files, gone with the test.
class Folder {
 public:
  explicit Folder(const Files& files) {
    std::string name = (fs::temp_directory_path() / "selection_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    root_ = name;
    for (const std::string& file : files) {
      fs::create_directories((root_ / file).parent_path());
      std::ofstream(root_ / file) << "";
    }
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& path) const {
    return path.empty() ? root_.string() : (root_ / path).string();
  }

 private:
  fs::path root_;
};

Files found(const std::vector<std::string>& paths) {
  const auto files = find_scenarios(paths, "no-such-folder");
  return files ? *files : Files{files.error()};
}

const Files tree = {"b/two.toml",       "a.toml",         "b/one.toml",       "b/deep/three.toml",
                    "b/readme.md",      "systems/s.toml", "b/systems/t.toml", "node_modules/x/y.toml",
                    "empty/nothing.txt"};

TEST(FindScenarios, FindsThemBelowAFolderSortedButNoSystems) {
  const Folder folder(tree);
  EXPECT_EQ(found({folder / ""}), (Files{folder / "a.toml", folder / "b/deep/three.toml",
                                         folder / "b/one.toml", folder / "b/two.toml"}));
}

TEST(FindScenarios, NamesEachFileOnceWhateverIsGiven) {
  const Folder folder(tree);
  EXPECT_EQ(found({folder / "b/two.toml", folder / "b/deep", folder / "b/two.toml"}),
            (Files{folder / "b/deep/three.toml", folder / "b/two.toml"}));
}

// Where the folder itself lies below one called "systems", its scenarios are still scenarios.
TEST(FindScenarios, LooksAtNamesBelowTheFolderOnly) {
  const Folder folder({"systems/mine/a.toml"});
  EXPECT_EQ(found({folder / "systems/mine"}), Files{folder / "systems/mine/a.toml"});
}

TEST(FindScenarios, AFileThatIsNamedIsTaken) {
  const Folder folder(tree);
  EXPECT_EQ(found({folder / "systems/s.toml"}), Files{folder / "systems/s.toml"});
}

TEST(FindScenarios, SaysWhatIsNotThere) {
  const Folder folder(tree);
  EXPECT_EQ(found({folder / "nowhere"}),
            Files{(folder / "nowhere") + ": there is no such file, folder or shipped scenario; `wsfault list "
                                         "scenarios` shows the shipped ones"});
  const std::string shipped = WSFAULT_SOURCE_DIR "/scenarios";
  EXPECT_EQ(*find_scenarios({"1006/server-crash"}, shipped), Files{shipped + "/1006/server-crash.toml"});
  EXPECT_THAT(find_scenarios({"1006/server-crsh"}, shipped).error(),
              testing::HasSubstr("did you mean \"1006/server-crash\"?"));
  EXPECT_EQ(found({folder / "empty"}),
            Files{(folder / "empty") + ": there is no scenario (*.toml) in this folder"});
}

TEST(FindSystem, SaysWhatIsNotThere) {
  const Folder folder(tree);
  const auto system = find_system("nginx", folder / "");
  ASSERT_FALSE(system);
  EXPECT_EQ(
      system.error(),
      "there is no system \"nginx\": give a system file, its folder, or a name of `wsfault list systems`\n");
}

TEST(FindSystemFiles, AreThoseOfThatName) {
  const Folder folder({"a/system.toml", "a/one.toml", "systems/b/system.toml", "node_modules/c/system.toml"});
  EXPECT_EQ(find_system_files({folder / ""}),
            (Files{folder / "a/system.toml", folder / "systems/b/system.toml"}));
  EXPECT_EQ(find_system_files({folder / "a/system.toml"}), Files{folder / "a/system.toml"});
  EXPECT_EQ(find_system_files({folder / "a/one.toml"}), Files{});
  EXPECT_EQ(*find_scenarios({folder / ""}, ""), Files{folder / "a/one.toml"});
  EXPECT_EQ(
      find_scenarios({folder / "a/system.toml"}, "").error(),
      (folder / "a/system.toml") + " is a system file, no scenario: --system " + (folder / "a/system.toml"));
}

}  // namespace
}  // namespace wsfault::runner
