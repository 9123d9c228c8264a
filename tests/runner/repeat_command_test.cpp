// The command that repeats one case, as read by a shell.
#include "runner/repeat_command.hpp"

#include <gtest/gtest.h>
#include <stdio.h>

namespace wsfault::runner {
namespace {

scenario::LoadedCase a_case(const std::string& file, const std::string& id) {
  scenario::LoadedCase loaded;
  loaded.scenario.file = file;
  loaded.scenario.id = id;
  return loaded;
}

TEST(RepeatCommand, NamesTheCaseTheSystemAndTheSeed) {
  EXPECT_EQ(repeat_command("/bin/wsfault", a_case("x/crash.toml", "crash[code=1000]@http"),
                           {{"--system", "nginx"}, {"--tls", ""}, {"--set", "heartbeat=2 * 1s"}}, 0),
            "/bin/wsfault run x/crash.toml --case 'crash[code=1000]@http' --system nginx --tls --set "
            "'heartbeat=2 * 1s' --seed 0");
}

TEST(RepeatCommand, IsOfAnotherSubcommandWhereItIsAskedFor) {
  EXPECT_EQ(repeat_command("wsfault", a_case("x.toml", "x"), {{"--point", "byte 7 to client"}}, 1, "sweep"),
            "wsfault sweep x.toml --case x --point 'byte 7 to client' --seed 1");
}

TEST(RepeatCommand, TakesNoFileOrValueForAnOption) {
  EXPECT_EQ(repeat_command("wsfault", a_case("-x.toml", "-x"), {{"--client", "-c"}}, 7),
            "wsfault run ./-x.toml --case=-x --client=-c --seed 7");
}

/// How a shell reads a word.
std::string read_by_shell(const std::string& quoted) {
  FILE* out = ::popen(("printf %s " + quoted).c_str(), "r");
  std::string text;
  char buffer[256];
  for (std::size_t count = 0; (count = ::fread(buffer, 1, sizeof buffer, out)) > 0;)
    text.append(buffer, count);
  ::pclose(out);
  return text;
}

TEST(ShellQuoted, ReadsBackAsTheWord) {
  for (const char* word :
       {"plain", "",  "two words", "it's", "a\"b", "$HOME", "`id`",   "\\", "*",  "a;b",
        "~",     "#", "!x",        "(a)",  "a&b",  "<x>",   "ümlaut", "'",  "''", "node app.js ${url}"})
    EXPECT_EQ(read_by_shell(shell_quoted(word)), word) << shell_quoted(word);
  EXPECT_EQ(shell_quoted("a\nb\x1b'\\c"), "$'a\\012b\\033\\'\\\\c'");
}

}  // namespace
}  // namespace wsfault::runner
