// Where `exec` may be inserted in a command that is given as a string.
#include "runner/shell_command.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

TEST(ShellCommand, OfOneProgramBecomesIt) {
  struct Row {
    const char* command;
    const char* with_exec;
  };
  const Row rows[] = {
      {"node server.js", "exec node server.js"},
      {"  node server.js \n", "  exec node server.js \n"},
      {"./server", "exec ./server"},
      {"'my server' --port 80", "exec 'my server' --port 80"},
      {"\"/opt/a b/server\"", "exec \"/opt/a b/server\""},
      {"my\\ server x", "exec my\\ server x"},
      {"node client.js ws://127.0.0.1:9/#top", "exec node client.js ws://127.0.0.1:9/#top"},
      {"node client.js 'a; b' \"c && d\" e\\;f", "exec node client.js 'a; b' \"c && d\" e\\;f"},
      {"node server.js # the server; not the client", "exec node server.js # the server; not the client"},
      {"# the server\nnode server.js", "# the server\nexec node server.js"},
      {"node server.js \\\n  --port 80", "exec node server.js \\\n  --port 80"},
      {"PORT=80 node server.js", "PORT=80 exec node server.js"},
      {"A='x y' B=\"$C\" node server.js D=1", "A='x y' B=\"$C\" exec node server.js D=1"},
      {"node server.js >log 2>&1", "exec node server.js >log 2>&1"},
      {"node server.js > 'a log' 2> /dev/null < /dev/null",
       "exec node server.js > 'a log' 2> /dev/null < /dev/null"},
      {">log node server.js", ">log exec node server.js"},
      {"2>&1 A=1 node server.js", "2>&1 A=1 exec node server.js"},
      {"node server.js >&2 >>log 3<>x >|y 2>&-", "exec node server.js >&2 >>log 3<>x >|y 2>&-"},
      {"node server.js $HOME ${PORT} *.conf ~", "exec node server.js $HOME ${PORT} *.conf ~"},
      {"env A=1 node server.js", "exec env A=1 node server.js"},
      {"npm start", "exec npm start"},
      {"node iffy.js if then cd", "exec node iffy.js if then cd"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.command);
    EXPECT_EQ(with_exec(row.command), row.with_exec);
  }
}

TEST(ShellCommand, OfAnythingElseIsTheShells) {
  const char* rows[] = {
      "",
      "   \n",
      "# nothing",
      "cd app && node server.js",
      "cd app; node server.js",
      "cd app",
      "node server.js;",
      "node server.js | cat",
      "node server.js 2>&1 | tee log",
      "node server.js || true",
      "node server.js &",
      "node server.js &>log",
      "node server.js & wait",
      "node a.js\nnode b.js",
      "(node server.js)",
      "{ node server.js; }",
      "! node server.js",
      "if true; then node server.js; fi",
      "while true; do node server.js; done",
      "for i in 1; do node server.js; done",
      "case x in x) node server.js;; esac",
      "f() { node server.js; }; f",
      "time node server.js",
      "exec node server.js",
      "eval node server.js",
      "command node server.js",
      ". ./env.sh",
      "source env.sh",
      "trap 'x' TERM",
      "\"cd\" app",
      "c'd' app",
      "\\cd app",
      "echo hello",
      "[ -f x ]",
      "A=1",
      "A=1 B=2",
      ">log",
      "A=$(date) node server.js",
      "node server.js $(cat port)",
      "node server.js `cat port`",
      "node server.js \"$(cat port)\"",
      "node server.js \"`cat port`\"",
      "node server.js ${PORT:-$(cat port)}",
      "$NODE server.js",
      "\"$NODE\" server.js",
      "~/server",
      "node server.js <<EOF\nx\nEOF",
      "node server.js <(cat x)",
      "node 'server.js",
      "node \"server.js",
      "node server.js \\",
      "node server.js >",
      "-x",
      "A+=1 node server.js",
  };
  for (const char* command : rows) {
    SCOPED_TRACE(command);
    EXPECT_EQ(with_exec(command), std::nullopt);
  }
}

}  // namespace
}  // namespace wsfault::runner
