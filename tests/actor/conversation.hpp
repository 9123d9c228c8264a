// A fake upstream with a literal script, and raw clients for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "actor/upstream.hpp"
#include "event_line.hpp"
#include "net/dial.hpp"
#include "sample_bytes.hpp"
#include "scenario/load.hpp"
#include "stage.hpp"
#include "value/toml.hpp"

namespace wsfault::actor {

/// The [upstream] table of a scenario; an invalid one fails the test.
inline model::Upstream upstream_of(const std::string& toml) {
  Diagnostics diagnostics("test.toml", toml);
  const std::optional<Value> table = parse_toml(toml, diagnostics);
  std::optional<model::Upstream> upstream;
  if (table) upstream = scenario::read_upstream(*table, diagnostics);
  EXPECT_EQ(diagnostics.print(), "");
  return upstream.value_or(model::Upstream{});
}

class Conversation : private ScriptHost {
 public:
  explicit Conversation(const std::string& toml)
      : model_(upstream_of(toml)),
        changed_(loop.executor()),
        upstream(loop.executor(), model_, *this, Upstream::Place{"127.0.0.1"}, 1) {
    loop.start(run());
  }
  ~Conversation() override {
    over_ = true;
    changed_.notify();
    upstream.close();
    for (const auto& client : clients_) client->close();
    EXPECT_TRUE(until([this] { return upstream_over_; })) << "the upstream has not ended";
    loop.io().restart();
    loop.io().poll();
  }

  Peer& connect() {
    std::optional<net::DialResult> dialled;
    loop.start([](Conversation& self, std::optional<net::DialResult>& result) -> net::Task<void> {
      result = co_await net::dial("127.0.0.1", self.upstream.port(), std::chrono::seconds(10));
    }(*this, dialled));
    EXPECT_TRUE(until([&] { return dialled.has_value(); }));
    clients_.push_back(std::make_unique<Peer>(loop, std::move(dialled->socket.value())));
    return *clients_.back();
  }
  /// The handshake is over, and its bytes are discarded.
  Peer& open() {
    Peer& client = connect();
    client.send(sample::request);
    EXPECT_TRUE(until([&] { return client.received.starts_with(sample::answer); }));
    client.received.erase(0, sample::answer.size());
    return client;
  }

  bool until(const std::function<bool()>& condition) { return loop.until(condition); }
  bool until_received(const Peer& client, const std::string& bytes) {
    return until([&] { return client.received == bytes; });
  }
  bool until_told(const std::string& line) {
    return until([&] { return std::ranges::find(told(), line) != told_.end(); });
  }
  /// All events of the scripts, connection by connection, but for what they are at: "2: mark done".
  const std::vector<std::string>& told() {
    told_.clear();
    for (const record::Event& event : log.events()) {
      if (std::holds_alternative<record::ScriptAwaits>(event.what)) continue;
      told_.push_back(std::to_string(event.where.connection) + ": " + event_line(event.what));
    }
    return told_;
  }

  reference::Loop loop;
  record::EventLog log;

 private:
  void record(int connection, record::What what) override {
    log.record({"link", "sut", connection}, std::move(what));
    changed_.notify();
  }
  net::Task<void> until(const fault::Moment& moment, int) override {
    while (!over_ && fault::find_moment(moment, log.events()) == nullptr) co_await changed_.wait();
  }
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override {
    record(connection, record::Mark{mark + " after " + std::to_string(written) + " bytes"});
    co_return;
  }
  std::uint64_t next_sequence() override { return ++sequence_; }
  net::Task<void> run() {
    co_await upstream.run();
    upstream_over_ = true;
  }

  model::Upstream model_;
  net::EventGate changed_;
  std::vector<std::unique_ptr<Peer>> clients_;
  std::vector<std::string> told_;
  std::uint64_t sequence_ = 0;
  bool over_ = false;
  bool upstream_over_ = false;

 public:
  Upstream upstream;
};

}  // namespace wsfault::actor
