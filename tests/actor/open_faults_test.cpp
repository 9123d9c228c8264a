// Faults of an open connection (tcp and websocket layer): what both raw peers read, and what the log says.
#include <gmock/gmock.h>

#include "fault_row.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using testing::UnorderedElementsAreArray;
using wire::test::hex;

// The session: the handshake, c1 to the server, m1 and m2 to the client; the fault fires when m2's header is
// read. Then c2 to the server and m3 to the client. A client that reads a Close answers it.
const std::string c1 = from_client("c1");
const std::string c2 = from_client("c2");
const std::string m1 = from_server("m1");
const std::string m2 = from_server("m2");
const std::string m3 = from_server("m3");
const std::string to_client = sample::answer + m1;   // before the fault
const std::string to_server = sample::request + c1;  // before the fault

class OpenFault : public testing::TestWithParam<FaultRow> {};

TEST_P(OpenFault, HasExactlyTheDocumentedEffect) {
  const FaultRow& row = GetParam();
  Stage stage({.faults = "[[fault]]\nname = \"f\"\nwhen = { moment = \"message 2\", from = \"server\" }\n" +
                         row.fault});
  auto [client, server] = stage.open();
  client.send(c1);
  ASSERT_TRUE(stage.until([&server = server] { return server.received == to_server; }));
  server.send(m1);
  ASSERT_TRUE(stage.until([&client = client] { return client.received == to_client; }));
  server.send(m2);
  ASSERT_TRUE(stage.until_told("fault f fired")) << stage.whole_log();
  client.send(c2);
  server.send(m3);
  bool close_answered = false;
  const auto as_stated = [&, &client = client, &server = server] {
    const bool has_close = client.received.find('\x88', to_client.size()) != std::string::npos;
    if (has_close && !std::exchange(close_answered, true))
      client.send(from_client(wire::close_payload(1000), 8));
    return client.received == row.client.bytes && client.ending() == row.client.ending &&
           server.received == row.server.bytes && server.ending() == row.server.ending &&
           effects_of(stage).size() >= row.effects.size() + 1;
  };
  EXPECT_TRUE(stage.until(as_stated))
      << "client: " << testing::PrintToString(client.received) << client.ending()
      << "\nserver: " << testing::PrintToString(server.received) << server.ending() << "\n"
      << stage.whole_log();
  stage.loop.watch(std::chrono::milliseconds(20));
  EXPECT_TRUE(as_stated()) << "more came";
  std::vector<std::string> effects = row.effects;
  effects.insert(effects.end(), {"response 101", "response 101"});  // of both taps
  EXPECT_THAT(effects_of(stage), UnorderedElementsAreArray(effects)) << stage.whole_log();
  expect_told_first(stage, "fault f fired", row.effects);
}

FaultRow ended(const char* name, const std::string& fault, std::string_view client, std::string_view server) {
  FaultRow row{name, fault, {to_client, client}, {to_server, server}, {}};
  if (!client.empty()) row.effects.push_back(std::string(client) + " to client");
  if (!server.empty()) row.effects.push_back(std::string(server) + " to server");
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    Tcp, OpenFault,
    testing::Values(ended("reset", "inject = \"reset\"", "RST", "RST"),
                    ended("reset_without_flush", "inject = \"reset\"\nflush = false", "RST", "RST"),
                    ended("reset_to_client", "inject = \"reset\"\ndirection = \"to-client\"", "RST", "FIN"),
                    ended("reset_to_server", "inject = \"reset\"\ndirection = \"to-server\"", "FIN", "RST"),
                    ended("fin", "inject = \"fin\"", "FIN", "FIN"),
                    ended("fin_to_client", "inject = \"fin\"\ndirection = \"to-client\"", "FIN", ""),
                    FaultRow{"half_close",
                             "inject = \"half_close\"",
                             {to_client, "FIN"},
                             {to_server + c2, ""},
                             {"FIN to client"}},
                    FaultRow{"half_close_to_server",
                             "inject = \"half_close\"\ndirection = \"to-server\"",
                             {to_client + m2 + m3, ""},
                             {to_server, "FIN"},
                             {"FIN to server"}},
                    FaultRow{"blackhole",
                             "inject = \"blackhole\"",
                             {to_client},
                             {to_server},
                             {"effect silence to client", "effect silence to server"}},
                    FaultRow{"blackhole_to_client",
                             "inject = \"blackhole\"\ndirection = \"to-client\"",
                             {to_client},
                             {to_server + c2},
                             {"effect silence to client"}},
                    FaultRow{"stall_to_server",
                             "inject = \"stall\"\ndirection = \"to-server\"",
                             {to_client + m2 + m3},
                             {to_server},
                             {"effect stalled to server"}}),
    row_name);

FaultRow closed(const char* name, const std::string& fault, const std::string& frames,
                std::string_view client, std::vector<std::string> effects) {
  effects.push_back("FIN to server");
  if (!client.empty()) effects.push_back(std::string(client) + " to client");
  return {name, fault, {to_client + frames, client}, {to_server, "FIN"}, effects};
}

INSTANTIATE_TEST_SUITE_P(
    Closes, OpenFault,
    testing::Values(
        closed("close", "inject = \"close\"\ncode = 1001\nreason = \"bye\"", hex("8805 03e9 627965"), "FIN",
               {"frame 2 (1.) close of 5 code 1001: bye injected"}),
        closed("close_without_reason", "inject = \"close\"\ncode = 1011", hex("8802 03f3"), "FIN",
               {"frame 2 (1.) close of 2 code 1011 injected"}),
        closed("close_empty", "inject = \"close\"", hex("8800"), "FIN", {"frame 2 (1.) close of 0 injected"}),
        closed("close_reset", "inject = \"close\"\ncode = 1014\nend = \"reset\"", hex("8802 03f6"), "RST",
               {"frame 2 (1.) close of 2 code 1014 injected"}),
        closed("close_none", "inject = \"close\"\ncode = 1000\nend = \"none\"", hex("8802 03e8"), "",
               {"frame 2 (1.) close of 2 code 1000 injected"}),
        closed("close_illegal", "inject = \"close\"\ncode = 1005", hex("8802 03ed"), "FIN",
               {"frame 2 (1.) close of 2 code 1005 injected", "violation close-code-reserved in frame 2"}),
        closed("close_raw", "inject = \"close\"\nraw = { hex = \"03\" }", hex("8801 03"), "FIN",
               {"frame 2 (1.) close of 1 injected", "violation close-body-one-byte in frame 2"}),
        closed("close_then_hang", "inject = \"close_then_hang\"", hex("8802 03e8"), "",
               {"frame 2 (1.) close of 2 code 1000 injected"}),
        closed("data_after_close", "inject = \"data_after_close\"",
               hex("8802 03e8") + from_server("after the Close"), "FIN",
               {"frame 2 (1.) close of 2 code 1000 injected", "frame 3 (2.) text of 15 injected",
                "violation data-after-close in frame 3"}),
        closed("two_closes", "inject = \"two_closes\"\ncode = 1001", hex("8802 03e9 8802 03f3"), "FIN",
               {"frame 2 (1.) close of 2 code 1001 injected", "frame 3 (2.) close of 2 code 1011 injected",
                "violation second-close in frame 3"}),
        closed("bad_close_payload", "inject = \"bad_close_payload\"", hex("8801 03"), "FIN",
               {"frame 2 (1.) close of 1 injected", "violation close-body-one-byte in frame 2"}),
        closed("bad_close_payload_utf8",
               "inject = \"bad_close_payload\"\nflaw = \"bad-utf8\"\nend = \"reset\"",
               hex("8806 03e8 636166c3"), "RST",
               {"frame 2 (1.) close of 6 code 1000: caf\xC3 injected",
                "violation close-reason-bad-utf8 in frame 2"})),
    row_name);

FaultRow injected(const char* name, const std::string& fault, const std::string& frame,
                  std::vector<std::string> effects) {
  return {name, fault, {to_client + frame + m2 + m3}, {to_server + c2}, effects};
}

FaultRow lost(const char* name, const std::string& fault, const std::string& arriving) {
  return {name, fault, {to_client + arriving}, {to_server + c2}, {}};
}

INSTANTIATE_TEST_SUITE_P(
    Frames, OpenFault,
    testing::Values(
        injected("reserved_opcode", "inject = \"reserved_opcode\"", hex("8308") + "reserved",
                 {"frame 2 (1.) reserved 3 of 8 injected", "violation reserved-opcode in frame 2"}),
        injected("reserved_control_opcode", "inject = \"reserved_opcode\"\nopcode = 11",
                 hex("8b08") + "reserved",
                 {"frame 2 (1.) reserved 11 of 8 injected", "violation reserved-opcode in frame 2"}),
        injected("bad_utf8", "inject = \"bad_utf8\"", hex("8106 636166c320ff"),
                 {"frame 2 (2.) text of 6 injected", "violation bad-utf8 in frame 2"}),
        injected("reserved_bits", "inject = \"reserved_bits\"", hex("a10d") + "reserved bits",
                 {"frame 2 (2.) text of 13 injected", "violation reserved-bits in frame 2"}),
        injected("reserved_bits_all", "inject = \"reserved_bits\"\nrsv = 7", hex("f10d") + "reserved bits",
                 {"frame 2 (2.) text of 13 injected", "violation reserved-bits in frame 2"}),
        injected("length_overflow", "inject = \"length_overflow\"", hex("827f ffffffffffffffff") + "overflow",
                 {"frame 2 (2.) binary of 18446744073709551615 injected",
                  "violation length-overflow in frame 2"}),
        injected("non_minimal_length", "inject = \"non_minimal_length\"",
                 hex("817e 001a") + "a length in too many bytes",
                 {"frame 2 (2.) text of 26 injected", "violation non-minimal-length in frame 2"}),
        injected("non_minimal_length_64", "inject = \"non_minimal_length\"\nbits = 64",
                 hex("817f 000000000000001a") + "a length in too many bytes",
                 {"frame 2 (2.) text of 26 injected", "violation non-minimal-length in frame 2"}),
        injected("oversized_control", "inject = \"oversized_control\"",
                 hex("897e 007e") + std::string(126, 'x'),
                 {"frame 2 (1.) ping of 126: " + std::string(125, 'x') + " injected",
                  "violation oversized-control in frame 2"}),
        injected("fragmented_control", "inject = \"fragmented_control\"", hex("090c") + "in fragments",
                 {"frame 2 (1.) ping unfinished of 12: in fragments injected",
                  "violation fragmented-control in frame 2"}),
        injected("orphan_continuation", "inject = \"orphan_continuation\"", hex("8006") + "orphan",
                 {"frame 2 (1.) continuation of 6 injected", "violation orphan-continuation in frame 2"}),
        injected("interleaved_message", "inject = \"interleaved_message\"",
                 hex("010a") + "unfinished" + hex("8107") + "another",
                 {"frame 2 (2.) text unfinished of 10 injected", "frame 3 (3.) text of 7 injected",
                  "violation interleaved-message in frame 3"}),
        injected("ping_flood", "inject = \"ping_flood\"\ncount = 3",
                 hex("8905") + "flood" + hex("8905") + "flood" + hex("8905") + "flood",
                 {"frame 2 (1.) ping of 5: flood injected", "frame 3 (2.) ping of 5: flood injected",
                  "frame 4 (3.) ping of 5: flood injected"}),
        injected("unsolicited_pong", "inject = \"unsolicited_pong\"", hex("8a07") + "unasked",
                 {"frame 2 (1.) pong of 7: unasked injected"}),
        injected("many_fragments", "inject = \"many_fragments\"\ncount = 3\nsize = \"2B\"",
                 hex("0102") + "xx" + hex("0002") + "xx" + hex("8002") + "xx",
                 {"frame 2 (2.) text unfinished of 2 injected",
                  "frame 3 (2.) continuation unfinished of 2 injected",
                  "frame 4 (2.) continuation of 2 injected"}),
        injected("giant_message", "inject = \"giant_message\"\nsize = \"100kB\"",
                 hex("817f 00000000000186a0") + std::string(100'000, 'x'),
                 {"frame 2 (2.) text of 100000 injected"}),
        lost("drop_message", "inject = \"drop_message\"", m3),
        lost("drop_all_messages", "inject = \"drop_message\"\ncount = \"all\"", ""),
        lost("duplicate_message", "inject = \"duplicate_message\"", m2 + m2 + m3),
        lost("duplicate_two_messages", "inject = \"duplicate_message\"\ncount = 2", m2 + m2 + m3 + m3),
        FaultRow{"truncate_frame",
                 "inject = \"truncate_frame\"",
                 {to_client + m2.substr(0, 3), "FIN"},
                 {to_server, "FIN"},
                 {"FIN to client inside a frame", "FIN to server"}},
        FaultRow{"truncate_frame_reset",
                 "inject = \"truncate_frame\"\nat_byte = 1\nend = \"reset\"",
                 {to_client + m2.substr(0, 1), "RST"},
                 {to_server, "RST"},
                 {"RST to client inside a frame", "RST to server"}},
        FaultRow{"truncate_frame_all_but_one",
                 "inject = \"truncate_frame\"\nat_byte = 1000",
                 {to_client + m2.substr(0, 3), "FIN"},
                 {to_server, "FIN"},
                 {"FIN to client inside a frame", "FIN to server"}}),
    row_name);

}  // namespace
}  // namespace wsfault::actor
