// Faults in front of a server, or of a gateway: towards it go a client's frames, masked, and a client's ends.
#include <gmock/gmock.h>

#include "fault_row.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"
#include "wire/mask.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using testing::UnorderedElementsAreArray;
using wire::test::hex;

// The session: the handshake, then c1 to the server; with c2's header the fault fires. Then m1 to the client.
const std::string c1 = from_client("c1");
const std::string c2 = from_client("c2");
const std::string m1 = from_server("m1");
const std::string before = sample::request + c1;

/// A masked frame of at most 125 bytes, unmasked: its key depends on the seed.
std::string plain(std::string frame) {
  if (frame.size() < 6 || (frame[1] & '\x80') == 0) return frame;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(frame[at]); };
  const wire::MaskingKey key{byte(2), byte(3), byte(4), byte(5)};
  frame.erase(2, 4);
  frame[1] = static_cast<char>(frame[1] & '\x7f');
  wire::mask(frame.data() + 2, frame.size() - 2, key, 0);
  return frame;
}

struct Row {
  const char* name;
  std::string fault;
  std::string injected;  ///< the first frame that the server reads then, unmasked
  std::string behind;    ///< what it reads behind it
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
    return plain(std::string(read.substr(0, read.size() - row.behind.size()))) == row.injected &&
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
