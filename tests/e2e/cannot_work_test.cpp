// A run that cannot work reports this once and stops: a client that never connects, a server that ends in the
// middle, a gateway that passes no echo, each with the reason.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "e2e/program.hpp"

extern char** environ;

namespace wsfault::e2e {
namespace {

/// A shell command in the background, killed at the end of the scope.
class Background {
 public:
  explicit Background(const std::string& command) {
    const std::string text = "exec " + command + " >/dev/null 2>&1";
    const char* words[] = {"sh", "-c", text.c_str(), nullptr};
    ::posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, const_cast<char**>(words), environ);
  }
  ~Background() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

 private:
  pid_t pid_ = 0;
};

bool has_python() { return std::system("python3 -c '' 2>/dev/null") == 0; }
bool listens(std::uint16_t port) {
  const std::string probe = fmt::format(
      "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {}), 1)' 2>/dev/null", port);
  return eventually([&] { return std::system(probe.c_str()) == 0; });
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// --- a client

TEST(NeverConnects, IsSaidOnceWithTheLastLinesAndTheRestIsNotRun) {
  Folder folder;
  const auto began = std::chrono::steady_clock::now();
  const Finished run = run_program({"run", "1006", "close", "--client", "echo 'where to?'; exec sleep 60",
                                    "--json", folder.path() / "r.json"});
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_EQ(count(run.out, "the client never connected: in "), 1U) << run.out;
  EXPECT_TRUE(has(run.out, "The command does not contain ${url}: the client cannot know where to connect"))
      << run.out;
  EXPECT_TRUE(has(run.out, "    | where to?")) << run.out;
  EXPECT_TRUE(has(run.out, "skipped: not run: the client never connected")) << run.out;
  EXPECT_LE(count(run.out, "\ninconclusive  "), 5U) << run.out;
  EXPECT_EQ(count(run.out, "\nfailed  "), 0U) << run.out;
  EXPECT_TRUE(has(text_of(folder.path() / "r.json"), "\"stopped\": \"the client never connected")) << run.out;
}

TEST(NeverConnects, IsNotSaidOfOneThatComesLate) {
  const Finished run = run_program(
      {"run", "1006/server-crash", "1006/server-reset", "--client",
       fmt::format("sleep 2; exec {} reference client --url ${{url}}", WSFAULT_PROGRAM), "--report", "json"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_FALSE(has(run.out, "never connected")) << run.out;
}

TEST(NeverReady, IsSaidOnceWithTheReason) {
  Folder folder;
  const std::string system = folder.write("system.toml", R"(name = "a broken server"
role = "server"
start = ["sh", "-c", "echo 'no such module'; exit 7"]
)");
  const Finished run = run_program({"run", "--role", "server", "--system", system});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_EQ(count(run.out, "\na broken server never became ready: "), 1U) << run.out;
  EXPECT_LE(count(run.out, "\nerror  "), 10U) << run.out;
}

// --- a server

constexpr const char* mortal = R"(import base64, hashlib, os, socket, sys, threading

def serve(sock):
    head = b''
    while b'\r\n\r\n' not in head:
        head += sock.recv(4096)
    if len(sys.argv) > 2:
        sock.sendall(sys.argv[2].encode().decode('unicode_escape').encode() + b'\r\nContent-Length: 0\r\n\r\n')
        return sock.close()
    key = [line.split(b':')[1].strip() for line in head.split(b'\r\n') if line.lower().startswith(b'sec-websocket-key')][0]
    accept = base64.b64encode(hashlib.sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
    sock.sendall(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                 b'Sec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
    while True:
        start = sock.recv(2, socket.MSG_WAITALL)
        if len(start) < 2:
            return sock.close()
        size = start[1] & 127
        mask = sock.recv(4, socket.MSG_WAITALL)
        payload = bytes(b ^ mask[i % 4] for i, b in enumerate(sock.recv(size, socket.MSG_WAITALL) if size else b''))
        if payload == b'die':
            os._exit(1)
        sock.sendall(bytes([start[0], size]) + payload)
        if start[0] & 15 == 8:
            return sock.close()

listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
)";

std::string says(const std::string& word) {
  return fmt::format(R"(title = "An echo"
role = "server"
deadline = "4s"

[[client]]
steps = [{{ send = "{0}" }}, {{ expect = "{0}", within = "1s" }}, {{ close = 1000 }}]
)",
                     word);
}

TEST(GoneServer, IsSaidOnceAndTheRestIsNotRun) {
  if (!has_python()) GTEST_SKIP() << "python3 is not installed";
  Folder folder;
  std::vector<std::string> arguments = {"run"};
  for (int i = 1; i <= 6; ++i)
    arguments.push_back(folder.write(fmt::format("{}.toml", i), says(i == 3 ? "die" : "hello")));
  const std::uint16_t port = free_port();
  Background server(fmt::format("python3 {} {}", folder.write("server.py", mortal), port));
  ASSERT_TRUE(listens(port));
  for (const std::string& word :
       {std::string("--server"), fmt::format("ws://127.0.0.1:{}/", port), std::string("-v")})
    arguments.push_back(word);
  const Finished run = run_program(arguments);
  EXPECT_TRUE(
      has(run.out, fmt::format("the server at 127.0.0.1:{} is gone since 3: it refuses connections; 3 cases "
                               "were not run",
                               port)))
      << run.out;
  EXPECT_TRUE(has(run.out, "6 cases")) << run.out;
  EXPECT_TRUE(has(run.out, "2 passed, 1 failed, 3 skipped")) << run.out;
  EXPECT_EQ(run.code, 1) << run.out;
}

TEST(LookForServer, SaysWhatItAnswersAndWhatToDo) {
  if (!has_python()) GTEST_SKIP() << "python3 is not installed";
  Folder folder;
  const std::string scenario = folder.write("echo.toml", says("hello"));
  const std::string code = folder.write("server.py", mortal);
  const struct {
    const char* answer;
    const char* says;
    const char* remedy;
  } rows[] = {
      {"HTTP/1.1 404 Not Found", "answers HTTP 404 Not Found to GET /chat", "Does the URL have the path"},
      {"HTTP/1.1 401 Unauthorized", "answers HTTP 401 Unauthorized to GET /chat", "--header"},
      {"HTTP/1.1 301 Moved Permanently\\r\\nLocation: /ws", "answers HTTP 301 Moved Permanently", "to /ws"},
      {"SSH-2.0-OpenSSH_9.2", "with bytes that are not HTTP", "Does something else listen there?"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.answer);
    const std::uint16_t port = free_port();
    Background server(fmt::format("python3 {} {} '{}'", code, port, row.answer));
    ASSERT_TRUE(listens(port));
    const auto began = std::chrono::steady_clock::now();
    const Finished run =
        run_program({"run", scenario, "--server", fmt::format("ws://127.0.0.1:{}/chat", port)});
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
    EXPECT_EQ(run.code, 3) << run.out;
    EXPECT_TRUE(has(run.out, row.says)) << run.out;
    EXPECT_TRUE(has(run.out, row.remedy)) << run.out;
    EXPECT_FALSE(has(run.out, "An echo")) << run.out;
  }
}

// --- a gateway

/// Each of its variants does one thing wrong.
constexpr const char* relay = R"(import base64, hashlib, re, socket, ssl, sys, threading, time

front_port, back_port, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
OWN = {
    'forbids': b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
    'has-no-route': b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    'redirects': b'HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.test/chat\r\nContent-Length: 0\r\n\r\n',
}

def head_of(sock):
    head = b''
    while b'\r\n\r\n' not in head:
        more = sock.recv(4096)
        if not more:
            return head
        head += more
    return head

def pump(one, other, change=None):
    try:
        while data := one.recv(65536):
            other.sendall(change(data) if change else data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass

def serve(front):
    head = head_of(front)
    if not head:
        return
    if kind in OWN:
        front.sendall(OWN[kind])
        return front.close()
    if kind == 'answers-itself':
        key = re.search(rb'(?im)^sec-websocket-key: *(\S+)', head).group(1)
        accept = base64.b64encode(hashlib.sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
        front.sendall(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                      b'Sec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
        while frame := front.recv(65536):
            mask, text = frame[2:6], frame[6:6 + (frame[1] & 127)]
            front.sendall(bytes([frame[0], len(text)]) + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))
        return
    if kind == 'is-silent':
        return time.sleep(60)
    if kind == 'hangs-up':
        return front.close()
    try:
        back = socket.create_connection(('127.0.0.1', 1 if kind == 'looks-elsewhere' else back_port))
    except OSError:
        front.sendall(b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
        return front.close()
    if kind == 'speaks-tls':
        try:
            back = ssl._create_unverified_context().wrap_socket(back)
        except OSError:
            front.sendall(b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
            return front.close()
    if kind == 'waits-for-a-body':
        return time.sleep(60)
    if kind == 'drops-both':
        head = re.sub(rb'(?im)^(upgrade|connection):.*\r\n', b'', head)
    if kind == 'drops-connection':
        head = re.sub(rb'(?im)^connection:.*\r\n', b'Connection: close\r\n', head)
    if kind == 'drops-the-key':
        head = re.sub(rb'(?im)^sec-websocket-key:.*\r\n', b'', head)
    if kind == 'makes-a-key':
        head = re.sub(rb'(?im)^(sec-websocket-key:).*\r\n', rb'\1 AAAAAAAAAAAAAAAAAAAAAA==\r\n', head)
    if kind == 'sends-proxy-header':
        head = b'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n' + head
    back.sendall(head)
    answer = head_of(back)
    if kind == 'changes-accept':
        answer = re.sub(rb'(?im)^(sec-websocket-accept:).*\r\n', rb'\1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n', answer)
    if kind == 'keeps-the-101':
        return time.sleep(60)
    if kind == 'refuses-the-101':
        front.sendall(b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
        return front.close()
    front.sendall(answer)
    if kind == 'swallows-messages':
        return time.sleep(60)
    if kind == 'swallows-echoes':
        pump(front, back)
        return time.sleep(60)
    threading.Thread(target=pump, args=(front, back), daemon=True).start()
    pump(back, front)

listener = socket.create_server(('127.0.0.1', front_port))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
)";

struct Broken {
  const char* kind;
  const char* says;
  const char* remedy;
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.kind; }

class LookForGateway : public testing::TestWithParam<Broken> {};

TEST_P(LookForGateway, SaysOnceWhyNoEchoPassesAndWhatToDo) {
  if (!has_python()) GTEST_SKIP() << "python3 is not installed";
  Folder folder;
  const std::string scenario = folder.write("echo.toml", R"(title = "An echo through the gateway"
role = "gateway"

[[client]]
steps = [{ send = "hi" }, { expect = "hi" }, { close = 1000 }]
)");
  const std::uint16_t port = free_port();
  const std::uint16_t back = free_port();
  Background gateway(
      fmt::format("python3 {} {} {} {}", folder.write("relay.py", relay), port, back, GetParam().kind));
  ASSERT_TRUE(listens(port));
  const auto began = std::chrono::steady_clock::now();
  const Finished run = run_program({"run", scenario, "--gateway", fmt::format("ws://127.0.0.1:{}/chat", port),
                                    "--upstream-listen", fmt::format("127.0.0.1:{}", back)});
  const bool is_sound = std::string_view(GetParam().kind) == "is-sound";
  EXPECT_EQ(run.code, is_sound ? 0 : 3) << run.out;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << run.out;
  EXPECT_TRUE(has(run.out, GetParam().says)) << run.out;
  EXPECT_TRUE(has(run.out, GetParam().remedy)) << run.out;
  EXPECT_FALSE(!is_sound && has(run.out, "1 case")) << run.out;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, LookForGateway,
    testing::Values(
        Broken{"is-sound", "1 passed", ""},
        Broken{"drops-both", "was asked for /chat without Upgrade and Connection",
               "proxy_set_header Upgrade"},
        Broken{"drops-connection", "was asked for /chat without Connection", "proxy_set_header"},
        Broken{"drops-the-key", "was asked for /chat without Sec-WebSocket-Key", ""},
        Broken{"answers-itself",
               "answers HTTP 101 Switching Protocols to GET /chat by itself, and never connected",
               "Something else serves WebSockets"},
        Broken{"forbids", "answers HTTP 403 Forbidden to GET /chat by itself, and never connected",
               "--header"},
        Broken{"has-no-route", "answers HTTP 404 Not Found to GET /chat by itself",
               "Does the URL have the path"},
        Broken{"redirects", "answers HTTP 301 Moved Permanently to GET /chat by itself",
               "https://example.test/chat"},
        Broken{"looks-elsewhere",
               "answers HTTP 502 Bad Gateway to GET /chat by itself, and never connected to the "
               "upstream at",
               "--upstream-listen must be the address in its configuration"},
        Broken{"is-silent", "does not answer GET /chat, and never connected to the upstream",
               "--upstream-listen"},
        Broken{"hangs-up", "ends the connection without an answer to GET /chat, and never connected", ""},
        Broken{"speaks-tls", "speaks TLS to its upstream, and this run's upstream", "not https://"},
        Broken{"sends-proxy-header", "sends its upstream bytes that are not HTTP", "PROXY protocol"},
        Broken{"waits-for-a-body", "and sent no request", "pass an upgrade on as it comes"},
        Broken{"keeps-the-101", "keeps the upstream's HTTP 101 Switching Protocols back", "buffer"},
        Broken{"refuses-the-101",
               "answers HTTP 502 Bad Gateway to GET /chat, though its upstream answered HTTP 101", ""},
        Broken{"makes-a-key", "with another Sec-WebSocket-Key", "It must pass the key on"},
        Broken{"changes-accept", "it changed the upstream's Sec-WebSocket-Accept", ""},
        Broken{"swallows-messages", "and not the message that its client sent", "unbuffered"},
        Broken{"swallows-echoes", "and not the message that its upstream sent back", "unbuffered"}),
    [](const auto& info) {
      std::string name = info.param.kind;
      std::ranges::replace(name, '-', '_');
      return name;
    });

// --- a real upstream

TEST(RealUpstream, ThatIsNotThereIsSaidOnce) {
  const std::string url = fmt::format("ws://127.0.0.1:{}/", free_port());
  const Finished run = run_program({"run", "1006/server-reset", "1006/half-closed", "--upstream", url});
  EXPECT_NE(run.code, 0) << run.out;
  EXPECT_EQ(count(run.out, fmt::format("the upstream at {}: Connection refused", url)), 1U) << run.out;
}

TEST(RealUpstream, HasNoProcessThatAFaultCouldStrike) {
  const std::uint16_t port = free_port();
  Background server(fmt::format("{} reference server --listen 127.0.0.1:{}", WSFAULT_PROGRAM, port));
  ASSERT_TRUE(listens(port));
  const Finished run =
      run_program({"run", "1006/server-crash", "1006/server-frozen", "reconnect/survives-restart",
                   "--upstream", fmt::format("ws://127.0.0.1:{}/", port), "-v"});
  EXPECT_EQ(run.code, 3) << run.out;
  for (const char* fault : {"kill", "freeze", "restart"})
    EXPECT_TRUE(has(run.out, fmt::format("`{}` strikes the process of upstream", fault))) << run.out;
  EXPECT_FALSE(has(run.out, "passed ")) << run.out;
}

}  // namespace
}  // namespace wsfault::e2e
