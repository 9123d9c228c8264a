// Faults before the 101 (connecting and upgrade layer): what both raw peers read, and what the log says.
#include <gmock/gmock.h>

#include "event_line.hpp"
#include "fault_row.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using testing::UnorderedElementsAreArray;
using wire::test::hex;
using namespace std::string_literals;

std::string without_line(std::string head, std::string_view name) {
  const std::size_t start = head.find(name);
  return head.erase(start, head.find("\r\n", start) + 2 - start);
}

std::string with_last_line(std::string head, const std::string& line) {
  return head.insert(head.size() - 2, line + "\r\n");
}

/// Effects in the log that belong only to the arriving side, by the tap.
std::vector<std::string> arrived(const Stage& stage) {
  std::vector<std::string> lines;
  for (const record::Event& event : stage.log.events()) {
    const bool wanted = std::visit(
        [](const auto& what) {
          if constexpr (requires { what.tap; }) return what.tap == record::Tap::arrived;
          return std::holds_alternative<record::LinkEffect>(record::What(what));
        },
        event.what);
    const std::string line = event_line(event.what);
    if (wanted && !line.starts_with("request")) lines.push_back(line);
  }
  return lines;
}

class EarlyFault : public testing::TestWithParam<FaultRow> {};

TEST_P(EarlyFault, HasExactlyTheDocumentedEffect) {
  const FaultRow& row = GetParam();
  Stage stage({.faults = "[[fault]]\n" + row.fault});
  Peer* client = stage.dial();
  ASSERT_NE(client, nullptr);
  client->send(sample::request);
  bool answered = false;
  const auto as_stated = [&] {
    if (stage.servers() > 0 && stage.server(1).received == sample::request && !answered) {
      answered = true;
      stage.server(1).send(sample::answer);
    }
    const std::string server_bytes = stage.servers() > 0 ? stage.server(1).received : "";
    const std::string_view server_ending = stage.servers() > 0 ? stage.server(1).ending() : "";
    return client->received == row.client.bytes && client->ending() == row.client.ending &&
           server_bytes == row.server.bytes && server_ending == row.server.ending &&
           arrived(stage).size() >= row.effects.size();
  };
  ASSERT_TRUE(stage.until(as_stated)) << "the client read: " << client->received << "\n"
                                      << client->ending() << "\n"
                                      << stage.whole_log();
  stage.loop.watch(std::chrono::milliseconds(20));
  EXPECT_TRUE(as_stated()) << "more came";
  EXPECT_THAT(arrived(stage), UnorderedElementsAreArray(row.effects));
  expect_told_first(stage, "fault f fired", row.effects);
}

std::string inject(const std::string& rest) { return "name = \"f\"\ninject = " + rest; }

INSTANTIATE_TEST_SUITE_P(
    Connecting, EarlyFault,
    testing::Values(
        FaultRow{"accept_hang", inject("\"accept_hang\""), {}, {}, {"effect no_answer to client"}},
        FaultRow{"accept_close", inject("\"accept_close\""), {"", "FIN"}, {}, {"FIN to client"}},
        FaultRow{"accept_close_reset",
                 inject("\"accept_close\"\nend = \"reset\""),
                 {"", "RST"},
                 {},
                 {"RST to client"}},
        FaultRow{"accept_close_after_bytes",
                 inject("\"accept_close\"\nafter_bytes = 20"),
                 {"", "FIN"},
                 {},
                 {"FIN to client"}}),
    row_name);

const Reading fin_alone{"", "FIN"};

INSTANTIATE_TEST_SUITE_P(
    Answers, EarlyFault,
    testing::Values(
        FaultRow{"respond",
                 inject("\"respond\"\nstatus = 503\nheaders = { Retry-After = \"1\" }\nbody = \"busy\""),
                 {"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 4\r\nConnection: "
                  "close\r\n\r\nbusy",
                  "FIN"},
                 fin_alone,
                 {"response 503", "body of 4: busy", "FIN to client", "FIN to server"}},
        // RFC 9112 9.3: without "close" the connection persists.
        FaultRow{"respond_and_stay",
                 inject("\"respond\"\nstatus = 503\nbody = \"busy\"\nend = \"none\""),
                 {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", ""},
                 fin_alone,
                 {"response 503", "body of 4: busy", "FIN to server"}},
        FaultRow{
            "respond_and_reset",
            inject("\"respond\"\nstatus = 503\nend = \"reset\""),
            {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "RST"},
            fin_alone,
            {"response 503", "RST to client", "FIN to server"}},
        FaultRow{"respond_without_body",
                 inject("\"respond\"\nstatus = 401"),
                 {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "FIN"},
                 fin_alone,
                 {"response 401", "FIN to client", "FIN to server"}},
        FaultRow{
            "redirect",
            inject("\"redirect\"\nlocation = \"https://a.example/login\""),
            {"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://a.example/login\r\nContent-Length: 0\r\n"
             "Connection: close\r\n\r\n",
             "FIN"},
            fin_alone,
            {"response 307", "FIN to client", "FIN to server"}},
        FaultRow{"ssh",
                 inject("\"wrong_protocol\""),
                 {"SSH-2.0-OpenSSH_9.2\r\nProtocol mismatch.\n", "FIN"},
                 fin_alone,
                 {"not HTTP from server: SSH-2.0-OpenSSH_9.2\r\nProtocol mismatch.\n", "FIN to client",
                  "FIN to server"}},
        FaultRow{"tls_reset",
                 inject("\"wrong_protocol\"\nspeaks = \"tls\"\nend = \"reset\""),
                 {hex("15030100020246"), "RST"},
                 fin_alone,
                 {"not HTTP from server: " + hex("15030100020246"), "RST to client", "FIN to server"}},
        FaultRow{"http2_open",
                 inject("\"wrong_protocol\"\nspeaks = \"http2\"\nend = \"none\""),
                 {hex("000000040000000000"), ""},
                 fin_alone,
                 {"not HTTP from server: " + hex("000000040000000000"), "FIN to server"}},
        FaultRow{"bytes_of_ones_own",
                 inject("\"wrong_protocol\"\nraw = { hex = \"0a0b00ff\" }"),
                 {hex("0a0b00ff"), "FIN"},
                 fin_alone,
                 {"not HTTP from server: " + hex("0a0b00ff"), "FIN to client", "FIN to server"}},
        FaultRow{
            "text_of_ones_own",
            inject("\"wrong_protocol\"\nspeaks = \"tls\"\nraw = \"220 mail ESMTP\\r\\n\"\nend = \"reset\""),
            {"220 mail ESMTP\r\n", "RST"},
            fin_alone,
            {"not HTTP from server: 220 mail ESMTP\r\n", "RST to client", "FIN to server"}}),
    row_name);

FaultRow bad_101(const char* name, const char* flaw, const std::string& answer) {
  return {name,
          inject("\"bad_101\"\nflaw = \"" + std::string(flaw) + "\""),
          {answer, ""},
          {sample::request, ""},
          {"response 101 " + std::string(flaw)}};
}

/// The first bytes of an answer that broke off: a report shows them.
std::string half_of(std::size_t size) { return "not HTTP from server: " + std::string(sample::answer.substr(0, size)); }

FaultRow partial_head(const char* name, const std::string& attributes, std::size_t size,
                      std::string_view ending, std::vector<std::string> effects) {
  effects.push_back("FIN to server");
  return {name,
          inject("\"partial_head\"\n" + attributes),
          {sample::answer.substr(0, size), ending},
          {sample::request, "FIN"},
          effects};
}

INSTANTIATE_TEST_SUITE_P(
    Heads, EarlyFault,
    testing::Values(
        bad_101("wrong_accept", "wrong-accept",
                with_last_line(without_line(sample::answer, "Sec-WebSocket-Accept"),
                               "Sec-WebSocket-Accept: " + wire::accept_key("wsfault: another key"))),
        bad_101("no_accept", "no-accept", without_line(sample::answer, "Sec-WebSocket-Accept")),
        bad_101("no_upgrade", "no-upgrade", without_line(sample::answer, "Upgrade:")),
        bad_101("no_connection", "no-connection", without_line(sample::answer, "Connection:")),
        bad_101("wrong_subprotocol", "wrong-subprotocol",
                with_last_line(sample::answer, "Sec-WebSocket-Protocol: never-offered")),
        bad_101("unoffered_extension", "unoffered-extension",
                with_last_line(sample::answer, "Sec-WebSocket-Extensions: never-offered")),
        partial_head("partial_head", "", 20, "FIN", {half_of(20), "FIN to client inside a head"}),
        partial_head("partial_head_reset", "bytes = 5\nend = \"reset\"", 5, "RST",
                     {half_of(5), "RST to client inside a head"}),
        partial_head("partial_head_nothing", "bytes = 0", 0, "FIN", {"FIN to client"}),
        partial_head("partial_head_all_but_one", "bytes = 65536", sample::answer.size() - 1, "FIN",
                     {half_of(64), "FIN to client inside a head"}),
        partial_head("partial_head_open", "end = \"none\"", 20, "", {"effect no_answer to client"})),
    row_name);

TEST(WrongProtocol, GarbageIsNoHttpAndRepeatsWithItsSeed) {
  const auto read = [](std::uint64_t seed) {
    Stage stage({.faults = "[[fault]]\ninject = \"wrong_protocol\"\nspeaks = \"garbage\"", .seed = seed});
    Peer* client = stage.dial();
    client->send(sample::request);
    EXPECT_TRUE(stage.until([&] { return client->has_fin(); }));
    return client->received;
  };
  const std::string garbage = read(7);
  EXPECT_EQ(garbage.size(), 64U);
  EXPECT_FALSE(wire::may_be_response(garbage));
  EXPECT_EQ(read(7), garbage);
  EXPECT_NE(read(8), garbage);
}

TEST(AcceptClose, WaitsForSoManyBytes) {
  Stage stage({.faults = "[[fault]]\ninject = \"accept_close\"\nafter_bytes = 20"});
  Peer* client = stage.dial();
  client->send(sample::request.substr(0, 19));
  stage.loop.watch(std::chrono::milliseconds(30));
  EXPECT_EQ(client->ending(), "");
  client->send(sample::request.substr(19, 1));
  EXPECT_TRUE(stage.until([&] { return client->has_fin(); }));
}

TEST(Refuse, FromTheStartAndUntilItHeals) {
  Stage stage({.faults = "[[fault]]\ninject = \"refuse\"\nlasts = \"200ms\""});
  ASSERT_TRUE(stage.until_told("fault refuse fired"));
  EXPECT_EQ(stage.dial(), nullptr);
  ASSERT_TRUE(stage.until_told("fault refuse healed"));
  EXPECT_NE(stage.dial(), nullptr);
  EXPECT_EQ(stage.told({"fault", "effect", "accepted"}),
            (std::vector<std::string>{"fault refuse fired", "effect refused to client",
                                      "effect resumed to client", "fault refuse healed", "accepted"}));
}

}  // namespace
}  // namespace wsfault::actor
