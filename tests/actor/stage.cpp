// Raw peers on real sockets; every wait is for an observed event.
#include "stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "event_line.hpp"
#include "fault/catalogue.hpp"
#include "net/dial.hpp"
#include "sample_bytes.hpp"
#include "value/toml.hpp"

namespace wsfault::actor {

Peer::Peer(reference::Loop& loop, net::Socket socket) : loop_(loop), socket_(std::move(socket)) {
  loop_.start(read());
}

net::Task<void> Peer::read() {
  std::vector<char> buffer(64 * 1024);
  while (true) {
    const net::ReadResult result = co_await socket_.read_some(buffer);
    received.append(buffer.data(), result.size);
    if (result.end) end = result.end;
    if (result.size == 0) co_return;
  }
}

void Peer::send(std::string bytes) {
  outgoing_ += bytes;
  if (!std::exchange(writing_, true)) loop_.start(write());
}

void Peer::send_fin() {
  fin_wanted_ = true;
  if (!std::exchange(writing_, true)) loop_.start(write());
}

net::Task<void> Peer::write() {
  while (!outgoing_.empty()) {
    const std::string bytes = std::exchange(outgoing_, {});
    if (co_await socket_.write(bytes)) break;
  }
  if (fin_wanted_) socket_.send_fin();
  writing_ = false;
}

std::string_view Peer::ending() const {
  if (!end) return "";
  return has_fin() ? "FIN" : has_reset() ? "RST" : "error";
}

std::vector<fault::FaultSpec> faults_of(std::string_view toml, Side sut) {
  Diagnostics diagnostics("test.toml", std::string(toml));
  std::vector<fault::FaultSpec> specs;
  fault::Seats seats{.links = {"link"}, .default_link = "link", .parties = {"sut", "upstream"}};
  if (sut == Side::server) seats.served_by_sut = seats.links;
  const std::optional<Value> root = parse_toml(toml, diagnostics);
  const Value* tables = root ? root->find("fault") : nullptr;
  if (tables != nullptr && tables->array() != nullptr) {
    for (const Value& table : *tables->array()) {
      auto spec = fault::read_fault(table, seats, diagnostics);
      if (!spec) continue;
      spec->index = static_cast<int>(specs.size());
      specs.push_back(std::move(*spec));
    }
  }
  EXPECT_EQ(diagnostics.print(), "");
  return specs;
}

/// There are no processes in these tests.
struct Stage::NoParties : Parties {
  net::Task<void> signal(const std::string& party, const fault::Signal&) override {
    ADD_FAILURE() << "a signal to " << party;
    co_return;
  }
  net::Task<void> start(const std::string& party) override {
    ADD_FAILURE() << "a start of " << party;
    co_return;
  }
  net::Task<void> reload(const std::string& party) override {
    ADD_FAILURE() << "a reload of " << party;
    co_return;
  }
  net::Task<void> command(const std::vector<std::string>&) override {
    ADD_FAILURE() << "a command";
    co_return;
  }
};

namespace {

LinkSetting link_setting(record::EventLog& log, const StageSetting& setting, std::uint16_t target) {
  LinkSetting link;
  link.log = &log;
  link.name = "link";
  link.client_party = "sut";
  link.sut = setting.sut;
  link.target_port = target;
  link.seed = setting.seed;
  link.tells_forwarded = setting.tells_forwarded;
  link.idles = setting.idles;
  link.bytes = setting.bytes;
  link.holds_messages = setting.holds_messages;
  link.numbers_at_once = setting.numbers_at_once;
  link.declines_compression = setting.declines_compression;
  link.has_fast_lane = setting.has_fast_lane;
  link.shortest_stay = Duration(0);
  link.passing = setting.passing;
  link.target_host = setting.target_host;
  link.tls = setting.tls;
  return link;
}

}  // namespace

Stage::Stage(StageSetting setting)
    : specs_(faults_of(setting.faults, setting.sut)),
      client_tls_(setting.client_tls),
      listener_(loop.executor(), "127.0.0.1"),
      parties_(std::make_unique<NoParties>()),
      link(loop.executor(), link_setting(log, setting, listener_.port()), "127.0.0.1", 0) {
  board_ = std::make_unique<FaultBoard>(
      loop.executor(), specs_, std::map<std::string, Link*>{{"link", &link}}, *parties_, log, setting.seed);
  listener_.listen();
  loop.start(accept());
  link.set_target_up(setting.target_up);
  loop.start(run_link());
  log.record({}, record::Ready{});
}

Stage::~Stage() {
  board_->close();
  link.close();
  listener_.close();
  for (const auto& peers : {&clients_, &servers_}) {
    for (const auto& peer : *peers) peer->close();
  }
  EXPECT_TRUE(until([this] { return link_over_; })) << "the link has not ended\n" << whole_log();
  loop.io().restart();
  loop.io().poll();
}

net::Task<void> Stage::accept() {
  while (auto socket = co_await listener_.accept()) {
    servers_.push_back(std::make_unique<Peer>(loop, std::move(*socket)));
  }
}

net::Task<void> Stage::run_link() {
  co_await link.run();
  co_await board_->join();
  link_over_ = true;
}

Peer* Stage::dial() {
  std::optional<net::DialResult> dialled;
  loop.start([](Stage& stage, std::optional<net::DialResult>& result) -> net::Task<void> {
    net::DialResult dialled = co_await net::dial("127.0.0.1", stage.link.port(), std::chrono::seconds(10));
    if (stage.client_tls_ && dialled.socket) {
      const std::string name("localhost");
      const net::TlsOutcome met =
          co_await dialled.socket->start_tls(*stage.client_tls_, name, std::chrono::seconds(10));
      stage.tls_error = met.error;
    }
    result = std::move(dialled);
  }(*this, dialled));
  EXPECT_TRUE(until([&] { return dialled.has_value(); }));
  if (!dialled || !dialled->socket) return nullptr;
  clients_.push_back(std::make_unique<Peer>(loop, std::move(*dialled->socket)));
  return clients_.back().get();
}

std::pair<Peer&, Peer&> Stage::connect() {
  const std::size_t before = servers();
  Peer* client = dial();
  if (client == nullptr || !until([&] { return servers() > before; })) {
    throw std::runtime_error("no connection through the link\n" + whole_log());
  }
  return {*client, *servers_.back()};
}

std::pair<Peer&, Peer&> Stage::open() {
  auto [client, server] = connect();
  client.send(sample::request);
  EXPECT_TRUE(until([&server = server] { return server.received == sample::request; }));
  server.send(sample::answer);
  EXPECT_TRUE(until([&client = client] { return client.received == sample::answer; }));
  EXPECT_TRUE(until_told("opened"));
  return {client, server};
}

bool Stage::until_told(const std::string& line) {
  return until([&] {
    return std::ranges::any_of(log.events(),
                               [&](const record::Event& event) { return event_line(event.what) == line; });
  });
}

std::vector<std::string> Stage::told(const std::vector<std::string_view>& beginnings) const {
  std::vector<std::string> lines;
  for (const record::Event& event : log.events()) {
    const std::string line = event_line(event.what);
    const bool wanted =
        std::ranges::any_of(beginnings, [&](std::string_view start) { return line.starts_with(start); });
    if (wanted) lines.push_back(line);
  }
  return lines;
}

std::string Stage::whole_log() const {
  std::string text;
  for (const record::Event& event : log.events()) text += event_line(event.what).substr(0, 200) + "\n";
  return text;
}

}  // namespace wsfault::actor
