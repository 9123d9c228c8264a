// The writer of one side: which items are held and joined, and what has been written.
#include "actor/outbox.hpp"

#include <gmock/gmock.h>

#include "event_line.hpp"
#include "net/dial.hpp"
#include "net/listener.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"

namespace wsfault::actor {
namespace {

using sample::from_server;
using std::chrono::milliseconds;
using testing::ElementsAre;

/// An outbox that writes to a peer, which the test reads.
class Writing {
 public:
  Writing()
      : outbox(
            loop.executor(), Side::client,
            [this](record::What what) {
              if (std::holds_alternative<record::Forwarded>(what)) forwarded.push_back(event_line(what));
            },
            &tells_forwarded),
        listener_(loop.executor(), "127.0.0.1") {
    listener_.listen();
    loop.start(connect());
    EXPECT_TRUE(loop.until([this] { return peer && socket_; }));
    outbox.push(sample::answer, {}, {}, false);
    loop.start(write());
    EXPECT_TRUE(loop.until([this] { return peer->received == sample::answer; }));
    peer->received.clear();
  }
  ~Writing() {
    outbox.close();
    peer->close();
    EXPECT_TRUE(loop.until([this] { return over_; }));
    socket_->close();
    loop.io().restart();
    loop.io().poll();
  }

  reference::Loop loop;
  int tells_forwarded = 1;
  Outbox outbox;
  std::unique_ptr<Peer> peer;
  std::vector<std::string> forwarded;

 private:
  net::Task<void> connect() {
    auto dialled = co_await net::dial("127.0.0.1", listener_.port(), std::chrono::seconds(10));
    socket_ = std::move(dialled.socket);
    auto accepted = co_await listener_.accept();
    peer = std::make_unique<Peer>(loop, std::move(*accepted));
  }
  net::Task<void> write() {
    co_await outbox.run(*socket_);
    over_ = true;
  }

  net::Listener listener_;
  std::optional<net::Socket> socket_;
  bool over_ = false;
};

record::Forwarded message(std::uint64_t number) {
  record::Forwarded forwarded;
  forwarded.from = Side::server;
  forwarded.frame = number;
  forwarded.message = number;
  return forwarded;
}

TEST(Outbox, TellsOfAllThatWentInOnePieceWithWhatWasHeld) {
  Writing writing;
  const auto now = fault::Clock::now();
  writing.outbox.push({.bytes = from_server("a"), .due = now, .held = std::chrono::seconds(10)}, message(1));
  writing.outbox.push({.bytes = from_server("b"), .due = now, .held = std::chrono::seconds(10)}, message(2));
  writing.outbox.push({.bytes = from_server("c"), .due = now}, message(3));
  EXPECT_TRUE(writing.loop.until([&] { return writing.forwarded.size() == 3; }));
  const std::string all = from_server("a") + from_server("b") + from_server("c");
  EXPECT_TRUE(writing.loop.until([&] { return writing.peer->received == all; }));
  EXPECT_THAT(writing.forwarded, ElementsAre("forwarded from server: frame 1 message 1 ping 0 pong 0",
                                             "forwarded from server: frame 2 message 2 ping 0 pong 0",
                                             "forwarded from server: frame 3 message 3 ping 0 pong 0"));
}

TEST(Outbox, CountsWhatIsWritten) {
  Writing writing;
  const std::uint64_t before = writing.outbox.pushed();
  EXPECT_EQ(writing.outbox.written(), before);
  writing.outbox.push({.bytes = "late", .due = fault::Clock::now() + milliseconds(300)}, {});
  EXPECT_EQ(writing.outbox.pushed(), before + 4);
  bool waited = false;
  // It waits for an item that is not due yet, however long.
  writing.loop.start([](Outbox& outbox, std::uint64_t bytes, bool& done) -> net::Task<void> {
    co_await outbox.until_written(bytes, milliseconds(250));
    done = true;
  }(writing.outbox, before + 4, waited));
  EXPECT_TRUE(writing.loop.until([&] { return waited; }));
  EXPECT_EQ(writing.outbox.written(), before + 4);
}

TEST(Outbox, DoesNotWaitForWhatNobodyTakes) {
  Writing writing;
  writing.peer->socket().cancel();  // it reads no more
  writing.loop.watch(milliseconds(1));
  writing.outbox.push(std::string(32 << 20, 'x'), {}, {}, false);
  bool waited = false;
  writing.loop.start([](Outbox& outbox, bool& done) -> net::Task<void> {
    co_await outbox.until_written(outbox.pushed(), milliseconds(50));
    done = true;
  }(writing.outbox, waited));
  EXPECT_TRUE(writing.loop.until([&] { return waited; }));
  EXPECT_LT(writing.outbox.written(), writing.outbox.pushed());
}

}  // namespace
}  // namespace wsfault::actor
