// Faults in front of a server, or of a gateway: it receives a client's masked frames, and a client's ends.
#include <gmock/gmock.h>

#include "fault_row.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"
#include "wire/mask.hpp"
#include "wire/observer.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using testing::UnorderedElementsAreArray;
using wire::test::hex;

// The session: the handshake, then c1 to the server; the fault fires at c2's header. Then m1 to the client.
const std::string c1 = from_client("c1");
const std::string c2 = from_client("c2");
const std::string m1 = from_server("m1");
const std::string before = sample::request + c1;

/// Frames without their masks: the keys depend on the seed.
std::string plain(std::string_view frames) {
  wire::FrameObserver observer(Side::client);
  std::string unmasked;
  while (true) {
    const auto step = observer.next(frames);
    frames.remove_prefix(step.consumed);
    const auto& key = observer.header().masking_key;
    if (step.what == wire::FrameObserver::What::more) return unmasked;
    if (step.what == wire::FrameObserver::What::header) {
      std::string header(observer.header_bytes());
      if (key) header.resize(header.size() - key->size());
      header[1] = static_cast<char>(header[1] & '\x7f');
      unmasked += header;
    } else {
      std::string payload(step.bytes);
      const std::uint64_t offset = observer.payload_seen() - payload.size();
      if (key) wire::mask(payload.data(), payload.size(), *key, offset);
      unmasked += payload;
    }
  }
}

struct Row {
  const char* name;
  std::string fault;
  std::string injected;  ///< the frames that the server then reads, unmasked
  std::string behind;    ///< what it reads after them
  std::string_view server_end;
  std::string_view client_end;
  std::vector<std::string> effects;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class ServerSideFault : public testing::TestWithParam<Row> {};

TEST_P(ServerSideFault, GoesToTheServer) {
  const Row& row = GetParam();
  Stage stage({.faults = "[[fault]]\nname = \"f\"\nwhen = { moment = \"message 2\", from = \"client\" }\n" +
                         row.fault,
               .sut = Side::server});
  auto [client, server] = stage.open();
  client.send(c1);
  ASSERT_TRUE(stage.until([&server = server] { return server.received == before; }));
  client.send(c2);
  ASSERT_TRUE(stage.until_told("fault f fired")) << stage.whole_log();
  bool close_answered = false;
  const auto as_stated = [&, &client = client, &server = server] {
    const std::string_view read = std::string_view(server.received).substr(before.size());
    if (read.starts_with('\x88') && !std::exchange(close_answered, true)) {
      server.send(from_server(wire::close_payload(1000), 8));
    }
    if (read.size() < row.behind.size() || !read.ends_with(row.behind)) return false;
    return plain(read.substr(0, read.size() - row.behind.size())) == row.injected &&
           server.ending() == row.server_end && client.ending() == row.client_end &&
           effects_of(stage).size() >= row.effects.size() + 2;
  };
  EXPECT_TRUE(stage.until(as_stated))
      << testing::PrintToString(server.received) << server.ending() << client.ending() << "\n"
      << stage.whole_log();
  std::vector<std::string> effects = row.effects;
  effects.insert(effects.end(), {"response 101", "response 101"});  // of both taps
  EXPECT_THAT(effects_of(stage), UnorderedElementsAreArray(effects)) << stage.whole_log();
}

Row illegal(const char* name, const std::string& fault, const std::string& frame,
            std::vector<std::string> effects) {
  return {name, fault, frame, c2, "", "", effects};
}

Row closed(const char* name, const std::string& fault, const std::string& frame, std::string_view end,
           std::vector<std::string> effects) {
  effects.push_back("FIN to client");
  if (!end.empty()) effects.push_back(std::string(end) + " to server");
  return {name, fault, frame, "", end, "FIN", effects};
}

INSTANTIATE_TEST_SUITE_P(
    Frames, ServerSideFault,
    testing::Values(
        illegal("reserved_opcode", "inject = \"reserved_opcode\"", hex("8308") + "reserved",
                {"frame 2 (1.) reserved 3 of 8 masked injected", "violation reserved-opcode in frame 2"}),
        illegal("bad_utf8", "inject = \"bad_utf8\"", hex("8106 636166c320ff"),
                {"frame 2 (2.) text of 6 masked injected", "violation bad-utf8 in frame 2"}),
        // RFC 6455 5.1: a server closes the connection on a frame that is not masked.
        illegal("bad_mask", "inject = \"bad_mask\"", hex("810e") + "wrongly masked",
                {"frame 2 (2.) text of 14 injected", "violation unmasked-client-frame in frame 2"}),
        illegal("reserved_bits", "inject = \"reserved_bits\"", hex("a10d") + "reserved bits",
                {"frame 2 (2.) text of 13 masked injected", "violation reserved-bits in frame 2"}),
        illegal("length_overflow", "inject = \"length_overflow\"", hex("827f ffffffffffffffff") + "overflow",
                {"frame 2 (2.) binary of 18446744073709551615 masked injected",
                 "violation length-overflow in frame 2"}),
        illegal("non_minimal_length", "inject = \"non_minimal_length\"",
                hex("817e 001a") + "a length in too many bytes",
                {"frame 2 (2.) text of 26 masked injected", "violation non-minimal-length in frame 2"}),
        illegal("oversized_control", "inject = \"oversized_control\"",
                hex("897e 007e") + std::string(126, 'x'),
                {"frame 2 (1.) ping of 126 masked: " + std::string(125, 'x') + " injected",
                 "violation oversized-control in frame 2"}),
        illegal("fragmented_control", "inject = \"fragmented_control\"", hex("090c") + "in fragments",
                {"frame 2 (1.) ping unfinished of 12 masked: in fragments injected",
                 "violation fragmented-control in frame 2"}),
        illegal("orphan_continuation", "inject = \"orphan_continuation\"", hex("8006") + "orphan",
                {"frame 2 (1.) continuation of 6 masked injected",
                 "violation orphan-continuation in frame 2"}),
        illegal("interleaved_message", "inject = \"interleaved_message\"",
                hex("010a") + "unfinished" + hex("8107") + "another",
                {"frame 2 (2.) text unfinished of 10 masked injected",
                 "frame 3 (3.) text of 7 masked injected", "violation interleaved-message in frame 3"}),
        illegal("ping_flood", "inject = \"ping_flood\"\ncount = 2",
                hex("8905") + "flood" + hex("8905") + "flood",
                {"frame 2 (1.) ping of 5 masked: flood injected",
                 "frame 3 (2.) ping of 5 masked: flood injected"}),
        illegal("unsolicited_pong", "inject = \"unsolicited_pong\"", hex("8a07") + "unasked",
                {"frame 2 (1.) pong of 7 masked: unasked injected"}),
        illegal("many_fragments", "inject = \"many_fragments\"\ncount = 3\nsize = \"2B\"",
                hex("0102") + "xx" + hex("0002") + "xx" + hex("8002") + "xx",
                {"frame 2 (2.) text unfinished of 2 masked injected",
                 "frame 3 (2.) continuation unfinished of 2 masked injected",
                 "frame 4 (2.) continuation of 2 masked injected"}),
        illegal("giant_message", "inject = \"giant_message\"\nsize = \"100001B\"",
                hex("817f 00000000000186a1") + std::string(100'001, 'x'),
                {"frame 2 (2.) text of 100001 masked injected"}),
        closed("two_closes", "inject = \"two_closes\"", hex("8802 03e8 8802 03f3"), "FIN",
               {"frame 2 (1.) close of 2 masked code 1000 injected",
                "frame 3 (2.) close of 2 masked code 1011 injected", "violation second-close in frame 3"}),
        closed("bad_close_payload", "inject = \"bad_close_payload\"", hex("8801 03"), "FIN",
               {"frame 2 (1.) close of 1 masked injected", "violation close-body-one-byte in frame 2"}),
        closed("close", "inject = \"close\"\ncode = 1001\nreason = \"bye\"", hex("8805 03e9 627965"), "FIN",
               {"frame 2 (1.) close of 5 masked code 1001: bye injected"}),
        closed("close_reset", "inject = \"close\"\ncode = 1014\nend = \"reset\"", hex("8802 03f6"), "RST",
               {"frame 2 (1.) close of 2 masked code 1014 injected"}),
        closed("close_then_hang", "inject = \"close_then_hang\"", hex("8802 03e8"), "",
               {"frame 2 (1.) close of 2 masked code 1000 injected"}),
        Row{"truncate_frame",
            "inject = \"truncate_frame\"",
            "",
            c2.substr(0, 3),
            "FIN",
            "FIN",
            {"FIN to server inside a frame", "FIN to client"}},
        Row{"drop_message", "inject = \"drop_message\"", "", "", "", "", {}},
        Row{"duplicate_message", "inject = \"duplicate_message\"", "", c2 + c2, "", "", {}},
        Row{"half_close", "inject = \"half_close\"", "", "", "FIN", "", {"FIN to server"}},
        Row{"reset", "inject = \"reset\"", "", "", "RST", "RST", {"RST to server", "RST to client"}}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace wsfault::actor
