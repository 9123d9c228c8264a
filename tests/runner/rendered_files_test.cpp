// Files rendered from templates: written inside their folder, whatever it contains.
#include "runner/rendered_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace wsfault::runner {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RenderedFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rendered_files_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    fs::create_directories(root_ / "system");
    std::ofstream(root_ / "system/plain") << "port ${port}\n";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string render(const std::string& name, const std::string& source = "plain") {
    model::System system;
    system.folder = (root_ / "system").string();
    system.files = {{name, source}};
    return render_files(system, (root_ / "dir").string(), {{"port", "80"}});
  }
  std::string text_of(const std::string& name) {
    std::ifstream in(root_ / name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

  fs::path root_;
};

TEST_F(RenderedFiles, AreMadeWithTheirFolders) {
  EXPECT_EQ(render("a.conf"), "");
  EXPECT_EQ(text_of("dir/a.conf"), "port 80\n");
  EXPECT_EQ(render("deep/er/./a.conf"), "");
  EXPECT_EQ(text_of("dir/deep/er/a.conf"), "port 80\n");
  std::ofstream(root_ / "dir/a.conf") << "longer than it will be\n";
  EXPECT_EQ(render("a.conf"), "");
  EXPECT_EQ(text_of("dir/a.conf"), "port 80\n");
}

TEST_F(RenderedFiles, NeverLeaveTheirFolder) {
  EXPECT_THAT(render("../out"), HasSubstr("leads out of ${dir}"));
  EXPECT_THAT(render((root_ / "out").string()), HasSubstr("leads out of ${dir}"));
  fs::create_directories(root_ / "dir");
  fs::create_symlink(root_ / "out", root_ / "dir/link");
  EXPECT_THAT(render("link"), HasSubstr("cannot write"));
  fs::create_directories(root_ / "elsewhere");
  fs::create_directory_symlink(root_ / "elsewhere", root_ / "dir/folder");
  EXPECT_THAT(render("folder/out"), HasSubstr("cannot write"));
  EXPECT_FALSE(fs::exists(root_ / "out"));
  EXPECT_FALSE(fs::exists(root_ / "elsewhere/out"));
}

TEST_F(RenderedFiles, AreNotMadeOfAPipeAFolderOrNothing) {
  ASSERT_EQ(::mkfifo((root_ / "system/pipe").c_str(), 0600), 0);
  EXPECT_THAT(render("a", "pipe"), HasSubstr("pipe is no file"));
  EXPECT_THAT(render("a", "."), HasSubstr("is no file"));
  EXPECT_THAT(render("a", "nothing"), HasSubstr("No such file"));
  // An existing pipe in its place is not written to either.
  fs::create_directories(root_ / "dir");
  ASSERT_EQ(::mkfifo((root_ / "dir/a").c_str(), 0600), 0);
  EXPECT_THAT(render("a"), HasSubstr("cannot write"));
}

}  // namespace
}  // namespace wsfault::runner
