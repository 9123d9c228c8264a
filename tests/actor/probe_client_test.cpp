// The probe client: its request, its conversation, and its report of every kind of end.
#include "actor/probe_client.hpp"

#include <gmock/gmock.h>

#include "event_line.hpp"
#include "net/listener.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/handshake.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using testing::ElementsAre;
using testing::HasSubstr;

std::string in_words(const record::Report& report) {
  std::string line = report.event;
  if (report.code) line += " " + std::to_string(*report.code);
  if (report.reason && !report.reason->empty()) line += " \"" + *report.reason + "\"";
  if (report.clean) line += *report.clean ? " clean" : " not clean";
  if (report.status) line += " status " + std::to_string(*report.status);
  return line;
}

/// A probe client, and the test as the server that it connects to.
class Probing : private ScriptHost {
 public:
  explicit Probing(model::Client model = {})
      : model_(std::move(model)),
        listener_(loop.executor(), "127.0.0.1"),
        client(loop.executor(), model_, *this, 7) {
    listener_.listen();
    loop.start(accept());
    loop.start(run());
  }
  ~Probing() override {
    client.close();
    listener_.close();
    if (server) server->close();
    EXPECT_TRUE(loop.until([this] { return over; })) << "the client has not ended";
    loop.io().restart();
    loop.io().poll();
  }

  /// Its whole request has arrived.
  wire::RequestHead request() {
    EXPECT_TRUE(loop.until([this] { return server && wire::head_size(server->received); }));
    const std::string head = server->received;
    server->received.clear();
    return wire::parse_request(head).value_or(wire::RequestHead{});
  }
  void answer(std::string_view more = {}) {
    const auto head = request();
    const auto key = wire::find_header(head.headers, "Sec-WebSocket-Key").value_or("");
    server->send(
        wire::serialize(wire::ResponseHead{.status = 101,
                                           .reason = "Switching Protocols",
                                           .headers = {{"Upgrade", "websocket"},
                                                       {"Connection", "Upgrade"},
                                                       {"Sec-WebSocket-Accept", wire::accept_key(key)}}}) +
        std::string(more));
  }
  bool until_reported(std::size_t count) {
    return loop.until([&] { return reports.size() >= count; });
  }

  reference::Loop loop;
  std::vector<std::string> reports;
  std::unique_ptr<Peer> server;
  bool over = false;

 private:
  void record(int connection, record::What what) override {
    EXPECT_EQ(connection, 3);
    if (const auto* report = std::get_if<record::Report>(&what)) reports.push_back(in_words(*report));
  }
  net::Task<void> until(const fault::Moment&, int) override { co_return; }
  net::Task<void> inject(int connection, std::string mark, std::uint64_t) override {
    record(connection, record::Mark{std::move(mark)});
    co_return;
  }
  std::uint64_t next_sequence() override { return ++sequence_; }

  net::Task<void> accept() {
    auto socket = co_await listener_.accept();
    if (!socket) co_return;
    server = std::make_unique<Peer>(loop, std::move(*socket));
    client.numbered(3);
  }
  net::Task<void> run() {
    ProbeTarget target;  // GCC 12 destroys a temporary aggregate in a coroutine twice
    target.host = "127.0.0.1";
    target.port = listener_.port();
    co_await client.run(std::move(target), {});
    over = true;
  }

  model::Client model_;
  net::Listener listener_;
  std::uint64_t sequence_ = 0;

 public:
  ProbeClient client;
};

model::Client silent() {
  model::Client client;
  client.steps.emplace();
  return client;
}

TEST(ProbeRequest, IsAnUpgradeThatSaysWhoseItIs) {
  model::Client model = silent();
  model.request.path = "/chat?x=1";
  model.request.subprotocols = {"chat", "superchat"};
  model.request.origin = "https://a.example";
  model.request.headers = {{"Cookie", "a=b"}};
  Probing probing(model);
  const wire::RequestHead head = probing.request();
  EXPECT_TRUE(wire::is_upgrade(head));
  EXPECT_TRUE(wire::check_request(head).empty());
  EXPECT_EQ(head.target, "/chat?x=1");
  const auto value = [&](std::string_view name) {
    return wire::find_header(head.headers, name).value_or("-");
  };
  EXPECT_EQ(value("Sec-WebSocket-Protocol"), "chat, superchat");
  EXPECT_EQ(value("Origin"), "https://a.example");
  EXPECT_EQ(value("Cookie"), "a=b");
  EXPECT_EQ(value("Wsfault-Connection"), "client-3");
}

TEST(ProbeRequest, AHeaderOfTheScenarioReplacesItsOwn) {
  model::Client model = silent();
  model.request.headers = {{"Sec-WebSocket-Version", "12"}, {"Host", "other.example"}};
  Probing probing(model);
  const wire::RequestHead head = probing.request();
  EXPECT_EQ(wire::find_header(head.headers, "Sec-WebSocket-Version"), "12");
  EXPECT_EQ(wire::find_header(head.headers, "Host"), "other.example");
}

TEST(ProbeRequest, MayBePlainOrUnfinished) {
  model::Client plain = silent();
  plain.request.upgrade = false;
  Probing getting(plain);
  EXPECT_FALSE(wire::is_upgrade(getting.request()));

  model::Client unfinished = silent();
  unfinished.request.stop_after = 20;
  Probing stopping(unfinished);
  EXPECT_TRUE(stopping.loop.until([&] { return stopping.server && stopping.server->received.size() >= 20; }));
  stopping.loop.watch(std::chrono::milliseconds(20));
  EXPECT_EQ(stopping.server->received.size(), 20u);
}

TEST(ProbeClient, ConversesByDefaultAndEchoesNothing) {
  Probing probing;
  probing.answer(from_server("unasked"));
  EXPECT_TRUE(probing.until_reported(1));
  EXPECT_TRUE(probing.loop.until([&] { return probing.server->received.size() >= 10 * (6 + 9); }));
  EXPECT_THAT(probing.reports, ElementsAre("open"));
}

struct EndRow {
  std::string name;
  std::string sent;  ///< after the 101
  bool fin = false;
  bool reset = false;
  std::string report;
};
class ProbeClientEnds : public testing::TestWithParam<EndRow> {};

TEST_P(ProbeClientEnds, AreReportedAsAConformingClientWould) {
  const EndRow& row = GetParam();
  Probing probing(silent());
  probing.answer(row.sent);
  EXPECT_TRUE(probing.until_reported(1));
  if (row.fin) probing.server->send_fin();
  if (row.reset) probing.server->send_reset();
  EXPECT_TRUE(probing.until_reported(2));
  EXPECT_THAT(probing.reports, ElementsAre("open", row.report));
}

// RFC 6455 7.1.5, 7.1.7
INSTANTIATE_TEST_SUITE_P(Ends, ProbeClientEnds,
                         testing::Values(EndRow{"fin", "", true, false, "close 1006 not clean"},
                                         EndRow{"reset", "", false, true, "close 1006 not clean"},
                                         EndRow{"close",
                                                std::string("\x88\x05\x0f\xa1"
                                                            "bye",
                                                            7),
                                                false, false, "close 4001 \"bye\" clean"},
                                         EndRow{"empty", std::string("\x88\x00", 2), false, false,
                                                "close 1005 clean"},
                                         EndRow{"reserved_code", std::string("\x88\x02\x03\xee", 4), false,
                                                false, "close 1006 \"close-code-reserved\" not clean"},
                                         EndRow{"masked", from_client("x"), false, false,
                                                "close 1006 \"masked-server-frame\" not clean"},
                                         EndRow{"bad_utf8", std::string("\x81\x01\xff", 3), false, false,
                                                "close 1006 \"bad-utf8\" not clean"}),
                         [](const auto& info) { return info.param.name; });

TEST(ProbeClient, SaysWhatIsWrongWithAFrame) {
  Probing probing(silent());
  probing.answer(std::string("\x83\x00", 2));
  EXPECT_TRUE(probing.until_reported(2));
  EXPECT_TRUE(probing.loop.until([&] { return probing.server->has_fin(); }));
  ASSERT_EQ(probing.server->received.size(), 8u) << "a masked Close with a code";
  EXPECT_EQ(probing.server->received[0], '\x88');
}

TEST(ProbeClient, AnotherAnswerOpensNothing) {
  Probing probing(silent());
  probing.request();
  probing.server->send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(probing.until_reported(1));
  EXPECT_THAT(probing.reports, ElementsAre("error status 503"));
}

TEST(ProbeClient, AnInterimAnswerIsPassedOver) {
  Probing probing(silent());
  const wire::RequestHead head = probing.request();
  probing.server->send("HTTP/1.1 103 Early Hints\r\n\r\n");
  probing.loop.watch(std::chrono::milliseconds(10));
  EXPECT_TRUE(probing.reports.empty());
}

TEST(ProbeClient, AWrong101OpensNothing) {
  Probing probing(silent());
  probing.request();
  probing.server->send("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  EXPECT_TRUE(probing.until_reported(1));
  EXPECT_THAT(probing.reports, ElementsAre("error status 101"));
}

TEST(ProbeClient, AnEndBeforeTheAnswerIsAnError) {
  Probing probing(silent());
  probing.request();
  probing.server->send_fin();
  EXPECT_TRUE(probing.until_reported(1));
  EXPECT_THAT(probing.reports, ElementsAre("error"));
}

/// `on = "message /^2$/"` and in it `send = "3"`.
model::Client answering() {
  model::Client client = silent();
  model::RuleStep rule{*fault::parse_moment("message /^2$/"), {}};
  model::Payload three;
  three.text = "3";
  rule.steps.push_back({model::SendStep{three}});
  client.steps->push_back({std::move(rule)});
  return client;
}

TEST(ProbeClient, ARuleAnswersEveryMessageThatMatches) {
  Probing probing(answering());
  probing.answer(from_server("1") + from_server("2") + from_server("22") + from_server("2"));
  const std::size_t whole = 2 * from_client("3").size();
  ASSERT_TRUE(probing.loop.until([&] { return probing.server->received.size() >= whole; }));
  EXPECT_EQ(probing.server->received.size(), whole);
}

}  // namespace
}  // namespace wsfault::actor
