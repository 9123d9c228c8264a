// `files` of a system file: names that stay inside, and templates that must be files.
#include "scenario/templates.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "scenario/load.hpp"

namespace wsfault::scenario {
namespace {

namespace fs = std::filesystem;

TEST(FileName, StaysBelowItsFolder) {
  for (const char* right : {"a", "a.conf", "conf/a", "conf/./a", "...", "a..b", "..a/b", "a b"})
    EXPECT_EQ(wrong_file_name(right), "") << right;
  for (const char* wrong : {"", "/", "/etc/x", "..", "../x", "../../x", "a/../../x", "a/../x", "a/..", ".",
                            "a/", "a/.", "a\nb", "a\x1b"})
    EXPECT_NE(wrong_file_name(wrong), "") << wrong;
}

/// A folder with a pipe, a folder, a link to itself and a file.
class Templates : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "templates_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    fs::create_directory(folder_ / "folder");
    fs::create_symlink("loop", folder_ / "loop");
    std::ofstream(folder_ / "plain") << "hi";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string errors_of(const std::string& files) {
    const std::string text = "name = \"x\"\nrole = \"server\"\nstart = \"x\"\n" + files + "\n";
    Diagnostics diagnostics("system.toml", text);
    load_system(text, folder_.string(), diagnostics);
    return diagnostics.print();
  }

  fs::path folder_;
};

TEST_F(Templates, ThatAreFilesOrNotThereYetAreRight) {
  EXPECT_EQ(errors_of(R"(files = { "a" = "plain", "b/c" = "made-by-a-build" })"), "");
}

TEST_F(Templates, WhoseFilesWouldLeaveTheFolderAreWrongInTheirPlace) {
  EXPECT_EQ(errors_of(R"(files = { "../../out" = "plain" })"),
            "system.toml:4:11: error: `files`: \"../../out\" leads out of ${dir}\n"
            "  4 | files = { \"../../out\" = \"plain\" }\n"
            "    |           ^\n"
            "    = a name below ${dir}: \"app.conf\", \"conf/app.conf\"\n");
  EXPECT_NE(errors_of("[tls.files]\n\"/etc/passwd\" = \"plain\"")
                .find("system.toml:5:1: error: `files`: \"/etc/passwd\" is an"),
            std::string::npos);
}

TEST_F(Templates, ThatAreNoFilesAreWrongInTheirPlace) {
  for (const auto& [name, said] : {std::pair("pipe", "is a pipe"), std::pair("folder", "is a folder"),
                                   std::pair("loop", "is a link that leads to itself")}) {
    const std::string errors = errors_of(std::string("files = { a = \"") + name + "\" }");
    EXPECT_NE(errors.find("system.toml:4:15: error: the template "), std::string::npos) << errors;
    EXPECT_NE(errors.find(said), std::string::npos) << errors;
  }
}

}  // namespace
}  // namespace wsfault::scenario
