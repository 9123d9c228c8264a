// Which files are scenarios, in which order, and the ids of scenarios.
#include "runner/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <wordexp.h>

#include <filesystem>
#include <fstream>

#include "runner/reference_system.hpp"
#include "runner/repeat_command.hpp"

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

/// A folder of empty files, deleted after the test.
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

// If the folder itself is below one called "systems", its scenarios are still scenarios.
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

/// A file with that text, in the same folder.
void write(const Folder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
}

constexpr const char* a_system = "name = \"x\"\nrole = \"server\"\nurl = \"ws://127.0.0.1:9/\"\n";
constexpr const char* a_scenario = "title = \"t\"\nrole = \"client\"\ntags = [\"slow\"]\n";

TEST(FindSystemFiles, AreThoseWhoseKeysSaySo) {
  const Folder folder({"a/there.toml", "a/one.toml"});
  write(folder, "a/there.toml", a_system);
  write(folder, "a/one.toml", a_scenario);
  EXPECT_EQ(find_system_files({folder / ""}), Files{folder / "a/there.toml"});
  EXPECT_EQ(find_system_files({folder / "a/there.toml"}), Files{folder / "a/there.toml"});
  EXPECT_EQ(*find_scenarios({folder / ""}, ""), Files{folder / "a/one.toml"});
  EXPECT_EQ(
      find_scenarios({folder / "a/there.toml"}, "").error(),
      (folder / "a/there.toml") + " is a system file, no scenario: --system " + (folder / "a/there.toml"));
}

TEST(FindScenarios, NeitherFollowsALoopNorPassesOverAFileThatCannotBeRead) {
  const Folder folder({"a/one.toml", "a/readme"});
  fs::create_directory_symlink("..", folder / "a/up");
  fs::create_symlink("self", folder / "a/self");
  EXPECT_EQ(found({folder / ""}), Files{folder / "a/one.toml"});
  fs::create_symlink("loop.toml", folder / "a/loop.toml");
  EXPECT_EQ(found({folder / ""}), Files{(folder / "a/loop.toml") + ": Too many levels of symbolic links"});
  EXPECT_EQ(found({folder / "a/loop.toml"}),
            Files{(folder / "a/loop.toml") + ": Too many levels of symbolic links"});
  fs::remove(folder / "a/loop.toml");
  fs::create_symlink("nowhere", folder / "a/broken.toml");
  EXPECT_EQ(found({folder / ""}),
            Files{(folder / "a/broken.toml") + ": is a link to a file that is not there"});
  fs::remove(folder / "a/broken.toml");
  ASSERT_EQ(::mkfifo((folder / "a/pipe.toml").c_str(), 0600), 0);
  EXPECT_EQ(found({folder / ""}), Files{folder / "a/one.toml"});
  EXPECT_EQ(found({folder / "a/pipe.toml"}),
            Files{(folder / "a/pipe.toml") + ": is neither a file nor a folder"});
}

/// The words of a command, as read by a shell.
Files words_of(const std::string& command) {
  wordexp_t read{};
  EXPECT_EQ(::wordexp(command.c_str(), &read, WRDE_NOCMD | WRDE_UNDEF), 0) << command;
  Files words(read.we_wordv, read.we_wordv + read.we_wordc);
  ::wordfree(&read);
  return words;
}

TEST(LoadCases, TheRepeatCommandOfEachShippedCaseSelectsThatCaseAlone) {
  const auto systems = reference_systems("wsfault");
  Selection all;
  all.shipped = WSFAULT_SOURCE_DIR "/scenarios";
  all.paths = {all.shipped};
  const auto loaded = load_cases(all, systems);
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->errors, "");
  ASSERT_GT(loaded->cases.size(), 300U);
  for (const scenario::LoadedCase& one : loaded->cases) {
    const Files words = words_of(repeat_command("wsfault", one, {{"--tls", ""}}, 7));
    ASSERT_EQ(words.size(), 8U) << one.scenario.id;
    Selection again = all;
    again.paths = {words[2]};
    again.cases = {words[4]};
    const auto repeated = load_cases(again, systems);
    ASSERT_TRUE(repeated);
    ASSERT_EQ(repeated->cases.size(), 1U) << one.scenario.id << repeated->unmatched;
    EXPECT_EQ(repeated->cases.front().scenario.id, one.scenario.id);
  }
}

TEST(LoadCases, SaysWhatIsAskedForAndNotThere) {
  const Folder folder({"one.toml"});
  write(folder, "one.toml", a_scenario);
  const auto unmatched_of = [&](Selection selection) {
    selection.paths = {folder / ""};
    const auto loaded = load_cases(selection, reference_systems("wsfault"));
    return loaded ? loaded->unmatched : loaded.error();
  };
  EXPECT_EQ(unmatched_of({}), "");
  EXPECT_EQ(unmatched_of({.tags = {"slow"}, .names = {"one"}, .cases = {"one"}}), "");
  EXPECT_THAT(unmatched_of({.tags = {"slwo"}}), testing::HasSubstr("did you mean \"slow\"?"));
  EXPECT_THAT(unmatched_of({.names = {"two"}}), testing::HasSubstr("allowed: one"));
  EXPECT_THAT(unmatched_of({.cases = {"on"}}), testing::HasSubstr("did you mean \"one\"?"));
  EXPECT_THAT(unmatched_of({.role = model::Role::server}),
              testing::HasSubstr("one.toml is a scenario of role client"));
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
