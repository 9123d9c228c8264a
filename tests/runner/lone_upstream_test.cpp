// An upstream by itself: its faults, moments, rules and sessions work as in a run; what a script sent before
// a fault arrives before it.
#include "runner/lone_upstream.hpp"

#include <gmock/gmock.h>

#include "actor/sample_bytes.hpp"
#include "actor/stage.hpp"
#include "net/dial.hpp"
#include "wire/hex.hpp"

namespace wsfault::runner {
namespace {

using actor::Peer;
using actor::sample::from_client;
using actor::sample::from_server;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* head = "title = \"x\"\nrole = \"client\"\n[upstream]\n";

scenario::LoadedCase loaded(const std::string& text) {
  Diagnostics diagnostics("x.toml", text);
  auto cases = scenario::load_scenario("x", {}, text, diagnostics);
  EXPECT_EQ(diagnostics.print(), "");
  if (cases.empty()) throw std::runtime_error("no case");
  return std::move(cases.front());
}

class Alone {
 public:
  explicit Alone(const std::string& upstream)
      : loaded_(loaded(head + upstream)),
        upstream_(loop.executor(), loaded_, "127.0.0.1", 0, 1, [this](const record::Event& event) {
          if (const auto* fired = std::get_if<record::FaultFired>(&event.what)) told.push_back(fired->inject);
          if (const auto* mark = std::get_if<record::Mark>(&event.what)) told.push_back(mark->name);
        }) {
    loop.start(run());
  }
  ~Alone() {
    upstream_.close();
    for (const auto& peer : peers_) peer->close();
    EXPECT_TRUE(loop.until([this] { return over_; })) << "the upstream has not ended";
    loop.io().restart();
    loop.io().poll();
  }

  Peer& connect() {
    std::optional<net::DialResult> dialled;
    loop.start([](Alone& self, std::optional<net::DialResult>& result) -> net::Task<void> {
      result = co_await net::dial("127.0.0.1", self.upstream_.port(), std::chrono::seconds(10));
    }(*this, dialled));
    EXPECT_TRUE(loop.until([&] { return dialled.has_value(); }));
    peers_.push_back(std::make_unique<Peer>(loop, std::move(dialled->socket.value())));
    return *peers_.back();
  }
  /// After the handshake, with the answer discarded.
  Peer& open() {
    Peer& peer = connect();
    peer.send(actor::sample::request);
    EXPECT_TRUE(loop.until([&] { return peer.received.starts_with(actor::sample::answer); }));
    peer.received.erase(0, actor::sample::answer.size());
    return peer;
  }
  bool until_ended(const Peer& peer) {
    return loop.until([&] { return peer.end.has_value(); });
  }

  reference::Loop loop;
  std::vector<std::string> told;

 private:
  net::Task<void> run() {
    co_await upstream_.run();
    over_ = true;
  }

  scenario::LoadedCase loaded_;
  LoneUpstream upstream_;
  std::vector<std::unique_ptr<Peer>> peers_;
  bool over_ = false;
};

// --- faults of messages, stated or injected by a script

TEST(LoneUpstream, ReordersMessagesThatItsScriptSendsAfterIt) {
  Alone alone(
      "steps = [{ send = \"a\" }, { inject = \"reorder_messages\", wait = \"20s\" }, { send = \"b\" }, { "
      "send = "
      "\"c\" }]\n");
  Peer& peer = alone.open();
  const std::string expected = from_server("a") + from_server("c") + from_server("b");
  EXPECT_TRUE(alone.loop.until([&] { return peer.received == expected; }));
  EXPECT_THAT(alone.told, Contains("reorder_messages"));
}

TEST(LoneUpstream, IsBehindAMiddleboxWithAPreset) {
  Alone alone(
      "steps = [{ send = \"a\" }]\n[[fault]]\ninject = \"idle_kill\"\npreset = \"aws-api-gateway\"\n"
      "scale = 0.0002\nconnections = { path = \"/chat\" }\n");
  Peer& peer = alone.open();
  const std::string goodbye = from_server("a") + from_server(wire::close_payload(1001, "Going away"), 8);
  EXPECT_TRUE(alone.loop.until([&] { return peer.received == goodbye; }));
}

// --- what a script sent arrives before the fault that it injects

TEST(LoneUpstream, LosesNothingOfWhatItSentBeforeItEndsTcp) {
  struct Row {
    const char* name;
    const char* further;  ///< faults on the link meanwhile
  };
  const Row rows[] = {
      {"at once", ""},
      {"delayed", "[[fault]]\ninject = \"latency\"\nlatency = \"100ms\"\nwhen = \"open\"\n"},
      {"paced", "[[fault]]\ninject = \"bandwidth\"\nrate = \"4MiB\"\nwhen = \"open\"\n"},
  };
  const std::string small = from_server("last words");
  const std::string large(3 << 20, 'x');
  for (const Row& row : rows) {
    for (const char* end : {"fin", "reset"}) {
      SCOPED_TRACE(std::string(row.name) + ", " + end);
      Alone alone(
          std::string("steps = [{ send = { size = \"3MiB\" } }, { send = \"last words\" }, { inject = \"") +
          end + "\" }, { send = \"behind it\" }]\n" + row.further);
      Peer& peer = alone.open();
      ASSERT_TRUE(alone.until_ended(peer));
      EXPECT_EQ(peer.ending(), std::string(end) == "fin" ? "FIN" : "RST");
      EXPECT_EQ(peer.received.size(), from_server(large, 2).size() + small.size());
      EXPECT_TRUE(peer.received.ends_with(small));
    }
  }
}

TEST(LoneUpstream, KeepsTheOrderOfWhatItSendsAndInjects) {
  Alone alone(R"(steps = [
    { send = "before" }, { inject = "giant_message", size = "5B" }, { send = "after" }, { inject = "fin" }])");
  Peer& peer = alone.open();
  ASSERT_TRUE(alone.until_ended(peer));
  const std::string before = from_server("before");
  const std::string after = from_server("after");
  EXPECT_TRUE(peer.received.starts_with(before + from_server("12345").substr(0, 2)));
  EXPECT_TRUE(peer.received.ends_with(after));
  EXPECT_EQ(peer.received.size(), before.size() + from_server("12345").size() + after.size());
}

// Half a control frame, which a link holds back until it is complete, and half a header.
TEST(LoneUpstream, LosesNoHalfOfAFrame) {
  for (const char* half : {"8905 7069", "8802 03", "81", "817e 00", "8105 6865"}) {
    SCOPED_TRACE(half);
    std::string digits = half;
    std::erase(digits, ' ');
    Alone alone("steps = [{ send = \"x\" }, { raw = { hex = \"" + digits + "\" } }, { inject = \"fin\" }]");
    Peer& peer = alone.open();
    ASSERT_TRUE(alone.until_ended(peer));
    EXPECT_EQ(peer.received, from_server("x") + wire::test::hex(half));
  }
}

TEST(LoneUpstream, DoesNotWaitForEverForWhatDoesNotMove) {
  Alone alone(
      "steps = [{ wait = \"fault stall\" }, { send = { size = \"100KiB\" } }, { inject = \"reset\" }]\n"
      "[[fault]]\ninject = \"stall\"\nwhen = \"message 1\"\n");
  Peer& peer = alone.open();
  peer.send(from_client("go"));
  ASSERT_TRUE(alone.until_ended(peer));
  EXPECT_EQ(peer.ending(), "RST");
}

// --- behaviour as in a run

TEST(LoneUpstream, InjectsInARuleAndInASession) {
  Alone alone(R"(steps = [{ on = "message /go/", steps = [{ send = "gone" }, { inject = "reset" }] }]
[[upstream.session]]
connection = 2
steps = [{ send = "second" }, { inject = "fin" }]
)");
  Peer& first = alone.open();
  first.send(from_client("go"));
  ASSERT_TRUE(alone.until_ended(first));
  EXPECT_EQ(first.received, from_server("gone"));
  EXPECT_EQ(first.ending(), "RST");
  Peer& second = alone.open();
  ASSERT_TRUE(alone.until_ended(second));
  EXPECT_EQ(second.received, from_server("second"));
  EXPECT_EQ(second.ending(), "FIN");
  Peer& third = alone.open();
  third.send(from_client("go"));
  ASSERT_TRUE(alone.until_ended(third));
  EXPECT_EQ(third.ending(), "RST");
}

TEST(LoneUpstream, WaitsForEveryMomentOfItsLink) {
  for (const char* moment : {"message 1", "message 1 done", "message /go/", "message >1", "frame 1 done",
                             "byte 100", "idle 20ms", "open", "upgrade", "connect", "start"}) {
    SCOPED_TRACE(moment);
    Alone alone(std::string("steps = [{ wait = \"") + moment + "\" }, { send = \"came\" }]");
    Peer& peer = alone.open();
    peer.send(from_client("go"));
    EXPECT_TRUE(alone.loop.until([&] { return peer.received == from_server("came"); }));
  }
}

TEST(LoneUpstream, DoesWhatTheFaultsOfItsFileSay) {
  Alone alone(
      "steps = [{ wait = \"fault slow\" }, { send = \"after the fault\" }]\n"
      "[[fault]]\nname = \"slow\"\ninject = \"latency\"\nlatency = \"10ms\"\nwhen = \"message 1\"\n");
  Peer& peer = alone.open();
  peer.send(from_client("go"));
  EXPECT_TRUE(alone.loop.until([&] { return peer.received == from_server("after the fault"); }));
}

TEST(LoneUpstream, AnswersPlainRequestsAsItsRuleSaysStepByStep) {
  Alone alone(R"(steps = [{ on = 'http /user.(?P<id>\d+)/', steps = [
    { mark = "asked" }, { wait = "mark asked" }, { wait = "10ms" }, { respond = 200, body = "user ${id}" }] }])");
  Peer& peer = alone.connect();
  peer.send("GET /user/42 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(alone.until_ended(peer));
  EXPECT_TRUE(peer.received.ends_with("\r\n\r\nuser 42")) << peer.received;
  EXPECT_THAT(alone.told, Contains("asked"));
}

TEST(LoneUpstream, InjectsIntoAPlainRequest) {
  Alone alone(R"(steps = [{ on = "http /x/", steps = [{ inject = "reset" }, { respond = 200 }] }])");
  Peer& peer = alone.connect();
  peer.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(alone.until_ended(peer));
  EXPECT_EQ(peer.ending(), "RST");
}

}  // namespace
}  // namespace wsfault::runner
