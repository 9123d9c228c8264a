// permessage-deflate with unmodified real peers: they agree on it, nothing breaks, and no violation is
// reported.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* nothing_is_broken = R"(title = "Nothing is broken"
role  = "client"

[[expect]]
connections = { total = "<=1" }
for         = "500ms"

[[expect]]
event  = "message 5"
within = "5s"
)";

constexpr const char* reads_messages = R"(title = "A message is read"
role  = "client"

[[expect]]
message = "/^hello hello/"
within  = "5s"
)";

/// A server and its client in one process, connected through the link.
constexpr const char* python = R"(import asyncio, sys, websockets

async def serve(ws):
    async for message in ws:
        await ws.send(message)

async def main():
    async with websockets.serve(serve, '127.0.0.1', int(sys.argv[2])):
        async with websockets.connect(sys.argv[1]) as ws:
            for number in range(10):
                await ws.send('hello ' * 20 + str(number))
                await ws.recv()
            await asyncio.Future()

asyncio.run(main())
)";

constexpr const char* node = R"(const { WebSocket, WebSocketServer } = require('ws');
const settings = { perMessageDeflate: { threshold: 0 } };
const server = new WebSocketServer({ ...settings, host: '127.0.0.1', port: Number(process.argv[3]) }, () => {
  const client = new WebSocket(process.argv[2], settings);
  let number = 0;
  const next = () => { if (number < 10) client.send('hello '.repeat(20) + number++); };
  client.on('open', next);
  client.on('message', next);
});
server.on('connection', (peer) => peer.on('message', (data, binary) => peer.send(data, { binary })));
)";

struct Peers {
  const char* name;
  const char* program;
  const char* code;
  std::string command;  ///< the file with the code follows
  std::string needs;    ///< succeeds if they are installed
};

void PrintTo(const Peers& peers, std::ostream* out) { *out << peers.name; }

class CompressionOf : public testing::TestWithParam<Peers> {
 protected:
  void SetUp() override {
    ::setenv("NODE_PATH", WSFAULT_SOURCE_DIR "/scenarios/systems/node_modules", 1);
    if (std::system((GetParam().needs + " >/dev/null 2>&1").c_str()) != 0) GTEST_SKIP() << "is not installed";
    peers_ = folder_.write(GetParam().program, GetParam().code);
  }
  void TearDown() override { ::unsetenv("NODE_PATH"); }

  Finished run(const char* scenario) const {
    const std::string port = std::to_string(free_port());
    return run_program({"run", folder_.write("case.toml", scenario), "--upstream",
                        "ws://127.0.0.1:" + port + "/", "--client",
                        fmt::format("exec {} {} ${{url}} {}", GetParam().command, peers_, port), "--report",
                        "none", "--log", folder_.path() / "log", "--log-all"});
  }
  std::string log() const { return text_of(folder_.path() / "log" / "case.jsonl"); }

  Folder folder_;
  std::string peers_;
};

TEST_P(CompressionOf, IsLegalInBothDirections) {
  const Finished finished = run(nothing_is_broken);
  EXPECT_EQ(finished.code, 0) << finished.out;
  const std::string text = log();
  for (const char* tap : {"sent", "arrived"}) {
    for (const char* from : {"client", "server"}) {
      const std::string whole =
          fmt::format(R"("connection":1,"tap":"{}","from":"{}","number":5,"of_kind":5)", tap, from);
      const std::size_t at = text.find(whole);
      ASSERT_NE(at, std::string::npos) << whole;
      EXPECT_NE(text.substr(at, text.find('\n', at) - at).find(R"("compressed":true)"), std::string::npos)
          << whole;
    }
  }
  EXPECT_EQ(text.find("violation_seen"), std::string::npos);
}

TEST_P(CompressionOf, IsNotAgreedOnWhereMessagesMustBeReadAndTheLogSaysSo) {
  const Finished finished = run(reads_messages);
  EXPECT_EQ(finished.code, 0) << finished.out;
  const std::string text = log();
  EXPECT_NE(text.find(R"("declined":"permessage-deflate)"), std::string::npos);
  EXPECT_EQ(text.find(R"("compressed":true)"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(RealPeers, CompressionOf,
                         testing::Values(Peers{"websockets", "peers.py", python, "/usr/bin/python3",
                                               "/usr/bin/python3 -c 'import websockets'"},
                                         Peers{"ws", "peers.js", node, "node", "node -e 'require(\"ws\")'"}),
                         [](const auto& info) { return std::string(info.param.name); });

// "Hello", compressed as in RFC 7692 7.2.3.1.
TEST(Compression, PassesThroughNginx) {
  if (std::system("PATH=$PATH:/usr/sbin command -v nginx >/dev/null") != 0)
    GTEST_SKIP() << "is not installed";
  Folder folder;
  const std::string scenario = folder.write("gateway.toml", R"(title = "Compressed through the gateway"
role  = "gateway"

[upstream]
steps = [
  { accept = { headers = { Sec-WebSocket-Extensions = "permessage-deflate" } } },
  { frame = { opcode = 1, rsv = 4, payload = { hex = "f248cdc9c90700" } } },
  { mark = "sent" },
]

[[client]]
request = { extensions = "permessage-deflate" }
steps   = [{ wait = "mark sent" }, { wait = "200ms" }, { close = 1000 }]
)");
  const Finished run =
      run_program({"run", scenario, "--system", "nginx", "--log", folder.path() / "log", "--log-all"});
  const std::string log = text_of(folder.path() / "log" / "gateway.jsonl");
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_EQ(log.find("violation_seen"), std::string::npos) << run.out;
  EXPECT_EQ(log.find("\"declined\""), std::string::npos) << "the script's own 101 wants the offer";
  constexpr std::string_view message = R"("payload":{"hex":"f248cdc9c90700"},"compressed":true)";
  std::size_t messages = 0;
  for (std::size_t at = log.find(message); at != std::string::npos; at = log.find(message, at + 1))
    ++messages;
  EXPECT_EQ(messages, 4U) << "sent and arrived on both links\n" << log;
}

}  // namespace
}  // namespace wsfault::e2e
