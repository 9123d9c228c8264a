// The upstream process from inside, over a pipe: it follows each order, reports broken ones, and ends with
// its input.
#include "runner/served_upstream.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>

#include "actor/sample_bytes.hpp"
#include "actor/stage.hpp"
#include "net/dial.hpp"
#include "record/json.hpp"
#include "value/toml.hpp"

namespace wsfault::runner {
namespace {

using actor::Peer;
using actor::sample::from_server;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class Served {
 public:
  Served() {
    ::signal(SIGPIPE, SIG_IGN);  // it may end before it has read everything
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    orders_.emplace(loop.executor(), ends[1]);
    upstream_.emplace(loop.executor(), ends[0], [this](const std::string& line) { printed.push_back(line); });
    loop.start(run());
  }
  /// Serves these steps on connections that the orders number.
  explicit Served(const std::string& steps) : Served() {
    Diagnostics diagnostics("x.toml", "");
    ServeOrder serve{.marks = {"struck"}};
    serve.upstream = *parse_toml("steps = [" + steps + "]", diagnostics);
    order(to_line(serve));
    EXPECT_TRUE(until_printed(R"("listening")"));
    port_ = std::get<ListeningNotice>(*read_notice(printed.at(0))).port;
    // It counts its connections itself until one is announced. The second order shows that it has read both.
    order(to_line(ConnectionOrder{1, 1}));
    order(to_line(InjectedOrder{0}));
    EXPECT_TRUE(until_printed("no such step"));
    printed.clear();
  }
  ~Served() {
    for (const auto& peer : peers_) peer->close();
    end_input();
    EXPECT_TRUE(loop.until([this] { return served.has_value(); })) << "it has not ended";
    upstream_.reset();
    loop.io().restart();
    loop.io().poll();
  }

  /// Writes a line to its input, however long.
  void order(const std::string& line) {
    bool written = false;
    loop.start([](Served& self, std::string bytes, bool& done) -> net::Task<void> {
      co_await net::asio::async_write(*self.orders_, net::asio::buffer(bytes), net::as_result);
      done = true;
    }(*this, line + "\n", written));
    EXPECT_TRUE(loop.until([&] { return written; }));
  }
  void end_input() {
    net::error_code ignored;
    orders_->close(ignored);
  }
  bool until_printed(const std::string& part) {
    const testing::Matcher<std::vector<std::string>> has_it = Contains(HasSubstr(part));
    return loop.until([&] { return has_it.Matches(printed); });
  }
  /// After the handshake on a connection of that number, with the answer discarded.
  Peer& open(int number) {
    std::optional<net::DialResult> dialled;
    loop.start([](Served& self, std::optional<net::DialResult>& result) -> net::Task<void> {
      result = co_await net::dial("127.0.0.1", self.port_, std::chrono::seconds(10));
    }(*this, dialled));
    EXPECT_TRUE(loop.until([&] { return dialled.has_value(); }));
    order(to_line(ConnectionOrder{dialled->socket->local_port(), number}));
    peers_.push_back(std::make_unique<Peer>(loop, std::move(dialled->socket.value())));
    Peer& peer = *peers_.back();
    peer.send(actor::sample::request);
    EXPECT_TRUE(loop.until([&] { return peer.received.starts_with(actor::sample::answer); }));
    peer.received.erase(0, actor::sample::answer.size());
    return peer;
  }

  reference::Loop loop;
  std::vector<std::string> printed;
  std::optional<bool> served;  ///< what run() returned

 private:
  net::Task<void> run() { served = co_await upstream_->run(); }

  std::optional<net::asio::posix::stream_descriptor> orders_;
  std::optional<ServedUpstream> upstream_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
};

// --- orders

TEST(ServedUpstream, NumbersItsConnectionsAsOrdered) {
  Served upstream("{ mark = \"here\" }");
  upstream.open(7);
  ASSERT_TRUE(upstream.until_printed(R"("name":"here")"));
  EXPECT_THAT(upstream.printed, Contains(AllOf(HasSubstr(R"("mark")"), HasSubstr(R"("connection":7)"))));
}

TEST(ServedUpstream, WaitsUntilAnOrderBringsTheMoment) {
  Served upstream("{ wait = \"fault x\" }, { wait = \"fault y\" }, { send = \"came\" }");
  Peer& peer = upstream.open(3);
  for (const std::size_t wait : {0, 1}) {
    ASSERT_TRUE(upstream.until_printed(to_line(WaitNotice{wait, 3})));
    upstream.order(to_line(MomentOrder{wait, 4}));  // of another connection
    EXPECT_EQ(peer.received, "");
    upstream.order(to_line(MomentOrder{wait, 3}));
  }
  EXPECT_TRUE(upstream.loop.until([&] { return peer.received == from_server("came"); }));
}

TEST(ServedUpstream, WaitsUntilItsInjectionIsRecorded) {
  Served upstream("{ send = \"before\" }, { mark = \"struck\" }, { send = \"after\" }");
  Peer& peer = upstream.open(2);
  const std::size_t written = actor::sample::answer.size() + from_server("before").size();
  ASSERT_TRUE(upstream.until_printed("\"inject\"")) << testing::PrintToString(upstream.printed);
  EXPECT_THAT(upstream.printed, Contains(to_line(InjectNotice{1, 2, written, "struck"})));
  upstream.order(to_line(InjectedOrder{1}));
  EXPECT_TRUE(
      upstream.loop.until([&] { return peer.received == from_server("before") + from_server("after"); }));
}

TEST(ServedUpstream, ContinuesTheCountOfItsPredecessor) {
  Served upstream;
  upstream.order(to_line(ServeOrder{.sequence = 41}));
  ASSERT_TRUE(upstream.until_printed("\"listening\""));
  EXPECT_THAT(upstream.printed, Not(Contains(HasSubstr("harness_error"))));
}

// --- broken orders

TEST(ServedUpstream, ReportsABrokenOrderAndFollowsTheNext) {
  struct Row {
    std::string order;
    const char* error;
  };
  const Row rows[] = {
      {"", "cannot follow the order : "},
      {"moment 0 3", "cannot follow the order moment 0 3: "},
      {R"({"type":"jump"})", R"(\"type\" cannot be \"jump\")"},
      {R"({"type":"moment","wait":"0","connection":3})", R"(\"wait\" must be an integer, found a string)"},
      {R"({"type":"moment","wait":1,"connection":3})", "its script has 1 waits"},
      {R"({"type":"injected","serial":1})", "no such step waits for its injection"},
      {to_line(ServeOrder{}), "it serves already"},
      {std::string((2 << 20) + 17, 'x'), "it is not shorter than 1048576 bytes"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.order.substr(0, 80));
    Served upstream("{ wait = \"fault x\" }, { send = \"came\" }");
    Peer& peer = upstream.open(3);
    upstream.order(row.order);
    EXPECT_TRUE(upstream.until_printed(row.error)) << testing::PrintToString(upstream.printed);
    for (const std::string& line : upstream.printed) {
      EXPECT_TRUE(read_notice(line) || record::event_from_json(line)) << line;
      EXPECT_LT(line.size(), 500U);
    }
    upstream.order(to_line(MomentOrder{0, 3}));
    EXPECT_TRUE(upstream.loop.until([&] { return peer.received == from_server("came"); }));
  }
}

TEST(ServedUpstream, EndsIfItsFirstOrderSaysNothingToServe) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "cannot follow"},
      {"{", "cannot follow"},
      {R"({"type":"injected","serial":1})", R"(the first order must be \"serve\")"},
      {R"({"type":"serve"})", R"(\"upstream\" is missing)"},
      {R"({"type":"serve","upstream":{"steps":7},"marks":[],"seed":1,"sequence":0,"certificate":"","key":""})",
       "steps"},
      {std::string(3 << 20, ' '), "it is not shorter than 1048576 bytes"},
  };
  for (const auto& [order, error] : rows) {
    SCOPED_TRACE(order.substr(0, 80));
    Served upstream;
    upstream.order(order);
    ASSERT_TRUE(upstream.loop.until([&] { return upstream.served.has_value(); }));
    EXPECT_FALSE(*upstream.served);
    EXPECT_THAT(upstream.printed, testing::ElementsAre(AllOf(HasSubstr("harness_error"), HasSubstr(error))));
  }
}

// --- the end

TEST(ServedUpstream, EndsWithItsInputThoughAScriptWaits) {
  Served upstream("{ wait = \"fault x\" }");
  upstream.open(1);
  ASSERT_TRUE(upstream.until_printed("\"wait\""));
  upstream.end_input();
  ASSERT_TRUE(upstream.loop.until([&] { return upstream.served.has_value(); }));
  EXPECT_TRUE(*upstream.served);
}

TEST(ServedUpstream, EndsWithAnInputThatHasNoOrder) {
  Served upstream;
  upstream.end_input();
  ASSERT_TRUE(upstream.loop.until([&] { return upstream.served.has_value(); }));
  EXPECT_FALSE(*upstream.served);
}

}  // namespace
}  // namespace wsfault::runner
