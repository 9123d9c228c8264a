// The client's own messages: one at a time, each at least once.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "raw_peer.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using std::chrono::milliseconds;

Lines ids(int first, int last) {
  Lines found;
  for (int id = first; id <= last; ++id) found.push_back("id=" + std::to_string(id));
  return found;
}

TEST(ClientDelivery, SendsTheNextMessageWhenTheEchoOfTheLastCame) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.echo();
  });
  ClientOptions options = quick_options(server.port());
  options.messages = 10;
  TestClient client(loop, options);
  ASSERT_TRUE(
      loop.until([&] { return server.connections() == 1 && server.connection(1).texts.size() == 10; }));
  loop.watch(milliseconds(20));
  EXPECT_EQ(server.connection(1).texts, ids(1, 10));
  EXPECT_EQ(client.lines, Lines{std::string(opened)});  // its own echoes are not reported
}

TEST(ClientDelivery, WaitsForTheEcho) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.next_text();
    co_await connection.send_frame(wire::Opcode::text, "id=2");
    co_await connection.send_frame(wire::Opcode::binary, "id=1");
    co_await connection.end();
  });
  ClientOptions options = quick_options(server.port());
  options.messages = 3;
  TestClient client(loop, options);
  ASSERT_TRUE(loop.until([&] { return client.count("message") == 2; }));
  loop.watch(milliseconds(20));
  EXPECT_EQ(server.connection(1).texts, ids(1, 1));
  EXPECT_EQ(client.lines, (Lines{std::string(opened), R"({"event":"message","text":"id=2"})",
                                 R"({"event":"message","hex":"69643d31"})"}));
}

TEST(ClientDelivery, SendsAgainWhatHadNoEcho) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int number) -> net::Task<void> {
    co_await connection.accept_upgrade();
    if (number == 2) co_return co_await connection.echo();
    const auto first = co_await connection.next_text();
    co_await connection.send_frame(wire::Opcode::text, *first);
    co_await connection.next_text();
    connection.socket.send_reset();
  });
  ClientOptions options = quick_options(server.port());
  options.messages = 4;
  TestClient client(loop, options);
  ASSERT_TRUE(
      loop.until([&] { return server.connections() == 2 && server.connection(2).texts.size() == 3; }));
  EXPECT_EQ(server.connection(1).texts, ids(1, 2));
  EXPECT_EQ(server.connection(2).texts, ids(2, 4));
}

/// The texts that an echoing server received up to the last of them.
Lines sent(Defect defect, int messages, const std::string& last, std::size_t count) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.echo();
  });
  ClientOptions options = quick_options(server.port());
  options.messages = messages;
  TestClient client(loop, with(options, defect));
  EXPECT_TRUE(loop.until([&] {
    return server.connections() == 1 && server.connection(1).texts.size() >= count &&
           server.connection(1).texts.back() == last;
  }));
  return server.connection(1).texts;
}

TEST(ClientDeliveryDefect, DuplicatesMessages) {
  EXPECT_EQ(sent(Defect::duplicates_messages, 2, "id=2", 4), (Lines{"id=1", "id=1", "id=2", "id=2"}));
}

TEST(ClientDeliveryDefect, LosesOneInTwenty) {
  Lines expected;
  for (int id = 1; id <= 41; ++id) {
    if (id % 20 != 0) expected.push_back("id=" + std::to_string(id));
  }
  EXPECT_EQ(sent(Defect::loses_one_in_twenty, 41, "id=41", 39), expected);
}

// The server answers its first message with another text, and cuts the connection once that was read.
TEST(ClientDeliveryDefect, TakesAnyAnswer) {
  const auto second_connection = [](Defects defects) {
    Loop loop;
    RawServer server(loop, [](RawConnection& connection, int number) -> net::Task<void> {
      co_await connection.accept_upgrade();
      if (number == 2) co_return co_await connection.echo();
      co_await connection.next_text();
      co_await connection.send_frame(wire::Opcode::text, "news");
      // Its pong comes after whatever it has to say to the text.
      co_await connection.send_frame(wire::Opcode::ping, "read?");
      auto next = co_await connection.next();
      while (next && next->kind != Incoming::Kind::pong) next = co_await connection.next();
      connection.socket.send_reset();
    });
    ClientOptions options = quick_options(server.port());
    options.messages = 2;
    options.defects = defects;
    TestClient client(loop, options);
    EXPECT_TRUE(loop.until([&] {
      return server.connections() == 2 && !server.connection(2).texts.empty() &&
             server.connection(2).texts.back() == "id=2";
    }));
    return server.connection(2).texts;
  };
  EXPECT_EQ(second_connection({}), ids(1, 2));
  EXPECT_EQ(second_connection(Defects(Defect::takes_any_answer)), ids(2, 2));
}

}  // namespace
}  // namespace wsfault::reference
