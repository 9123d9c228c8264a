// Every type of event in words.
#include "report/event_text.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

using namespace record;

TEST(EventText, OfThingsThatHappenToOneParty) {
  struct Row {
    What what;
    std::string_view words;
  };
  const Row rows[] = {
      {RunStarted{}, ""},
      {Ready{}, "all parties are ready"},
      {Mark{"subscribed"}, R"(script reached mark "subscribed")"},
      {ScriptFailed{"expect \"hi\"", "nothing came in 5s"},
       R"(script failed: expect "hi": nothing came in 5s)"},
      {ScriptDone{}, "script done"},
      {ScriptAwaits{"expect x"}, ""},
      {RunEnded{record::EndReason::deadline}, "case ended: deadline"},
      {HarnessError{"no port"}, "error: no port"},
      {DialFailed{ECONNREFUSED}, "cannot connect: Connection refused"},
      {ConnectionOver{}, ""},
      {Opened{}, ""},
      {PlainRequest{"GET", "/api/refresh"}, "receives plain HTTP GET /api/refresh"},
      {Forwarded{}, ""},
      {ByteReached{Side::server, 1}, "1 byte from the server forwarded"},
      {IdleReached{1'500'000'000}, "nothing passed for 1.5s"},
      {LinkEffect{LinkEffectKind::stalled, Side::client}, "reads and forwards nothing (to the client)"},
      {LinkEffect{LinkEffectKind::resumed, {}}, "works again"},
      {LinkEffect{LinkEffectKind::dark, {}}, "answers no attempt to connect"},
      {AttemptUnanswered{AttemptChange::began, "127.0.0.1:4"},
       "an attempt to connect gets no answer (from 127.0.0.1:4)"},
      {AttemptUnanswered{AttemptChange::answered, "127.0.0.1:4"}, "the attempt from 127.0.0.1:4 is answered"},
      {AttemptUnanswered{AttemptChange::over, "127.0.0.1:4"}, "the attempt from 127.0.0.1:4 is over"},
      {LinkEffect{LinkEffectKind::tls_failure, Side::client}, "makes the TLS handshake fail (to the client)"},
      {TlsHandshake{Side::client, "TLSv1.3", ""}, "TLSv1.3 with the client"},
      {TlsHandshake{Side::server, "", "peer closed during the handshake"},
       "TLS with the server: peer closed during the handshake"},
      {FaultFired{"reset", "reset", "reset to client"}, "fault reset fired: reset to client"},
      {FaultFired{"deploy", "restart", ""}, "fault deploy (restart) fired"},
      {FaultHealed{"latency"}, "fault latency healed"},
      {FaultSpared{"reset"}, "fault reset spared this connection: its probability said no"},
      {ProcessChanged{ProcessChange::exited, 7, 0, 11}, "process ended by SIGSEGV"},
      {ProcessChanged{ProcessChange::exited, 7, 3, 0}, "process exited with code 3"},
      {ProcessChanged{ProcessChange::killed, 7, 0, 9}, "process killed with SIGKILL"},
      {ProcessChanged{ProcessChange::frozen, 7, 0, 0}, "process frozen"},
      {OutputLine{"stderr", "warn:\tlost"}, R"(prints warn:\tlost)"},
      {Report{.event = "open"}, "reports open"},
      {Report{.event = "message", .text = "hello"}, R"(reports message "hello")"},
      {Report{.event = "error", .text = "Unexpected server response: 502", .status = 502},
       R"(reports error with status 502 "Unexpected server response: 502")"},
      {Report{.event = "close", .code = 1006, .reason = "", .clean = false},
       "reports close 1006 (not clean)"},
      {Report{.event = "close", .code = 1001, .reason = "bye", .clean = true},
       R"(reports close 1001 "bye" (clean))"},
      {UsageSample{}, ""},
  };
  for (const Row& row : rows) EXPECT_EQ(in_words(row.what), row.words);
}

std::string passing(const What& what) {
  const record::Events events{sample::on_link(0, what)};
  return in_words(events, {.sent = 0});
}

TEST(EventText, OfFrames) {
  EXPECT_EQ(passing(FrameSeen{.opcode = 8, .length = 6, .code = 1014, .text = "down"}),
            R"(Close 1014 "down")");
  EXPECT_EQ(passing(FrameSeen{.opcode = 8}), "Close without a code");
  EXPECT_EQ(passing(FrameSeen{.opcode = 8, .length = 1}), "Close with a broken body (1 byte)");
  EXPECT_EQ(passing(FrameSeen{.opcode = 9, .length = 2, .text = "hi"}), R"(ping "hi")");
  EXPECT_EQ(passing(FrameSeen{.opcode = 10}), "pong");
  EXPECT_EQ(passing(FrameSeen{.fin = false, .opcode = 9}), "ping, fragmented");
  EXPECT_EQ(passing(FrameSeen{.fin = false, .rsv = 4, .opcode = 1, .length = 10}),
            "text (10 bytes), to be continued, RSV1");
  EXPECT_EQ(passing(FrameSeen{.fin = false, .rsv = 5, .opcode = 1, .compressed = true, .length = 10}),
            "text, compressed (10 bytes), to be continued, RSV3");
  EXPECT_EQ(passing(FrameSeen{.rsv = 3, .opcode = 3, .length = 1}), "reserved 3 (1 byte), RSV2, RSV3");
}

TEST(EventText, OfMessages) {
  const auto words = [](const FrameSeen& frame, const MessageSeen& message) {
    const record::Events events{sample::on_link(0, frame), sample::on_link(0, message)};
    return in_words(events, {.sent = 0, .message = 1});
  };
  EXPECT_EQ(words({.rsv = 4, .opcode = 1, .compressed = true, .length = 7},
                  {.opcode = 1, .size = 7, .payload = "\xf2H", .compressed = true}),
            "text, compressed (7 bytes)");
  EXPECT_EQ(words({.opcode = 2, .length = 70000}, {.opcode = 2, .size = 70000}), "binary (70000 bytes)");
  EXPECT_EQ(words({.opcode = 0, .length = 3}, {.opcode = 1, .size = 5, .payload = "hello"}),
            R"(continuation (3 bytes) completes text "hello" (5 bytes))");
  EXPECT_EQ(words({.opcode = 1, .length = 100}, {.opcode = 1, .size = 100, .payload = std::string(100, 'x')}),
            R"(text "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (100 bytes))");
}

TEST(EventText, OfHeadsAndOtherBytes) {
  EXPECT_EQ(passing(RequestSeen{.head = {"GET", "/chat", 11, {}}, .upgrade = false}), "HTTP GET /chat");
  EXPECT_EQ(passing(RequestSeen{.head = {"GET", "/", 11, {}}, .flaws = {"bad-key"}}),
            "HTTP GET /, upgrade to websocket, which a server must refuse: bad-key");
  EXPECT_EQ(passing(RequestSeen{.head = {"GET", "/", 11, {}}, .declined = "permessage-deflate"}),
            R"(HTTP GET /, upgrade to websocket, passed on without its offer of "permessage-deflate": )"
            "messages must be read");
  EXPECT_EQ(passing(ResponseSeen{.head = {502, "Bad Gateway", 11, {}}}), "HTTP 502 Bad Gateway");
  EXPECT_EQ(passing(ResponseSeen{.head = {101, "Switching Protocols", 11, {}},
                                 .flaws = {"wrong-accept", "no-upgrade"}}),
            "HTTP 101 Switching Protocols, which a client must refuse: wrong-accept, no-upgrade");
  EXPECT_EQ(passing(ResponseSeen{.head = {200, "OK", 11, {}}, .second = true}),
            "HTTP 200 OK, a second answer");
  EXPECT_EQ(passing(BodySeen{.size = 7, .text = "denied\n", .whole = true}),
            R"(HTTP body "denied\n" (7 bytes))");
  EXPECT_EQ(passing(BodySeen{.size = 3, .text = "den"}), R"(HTTP body "den" (3 bytes), incomplete)");
  EXPECT_EQ(passing(BodySeen{.size = 65'540, .text = std::string(65'536, 'x')}),
            R"(HTTP body "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (at least 65540 bytes))");
  EXPECT_EQ(passing(NotHttp{.start = "SSH-2.0-OpenSSH\r\n"}),
            R"(bytes that are not HTTP: "SSH-2.0-OpenSSH\r\n")");
  EXPECT_EQ(passing(ViolationSeen{Tap::sent, Side::server, 3, "reserved-opcode", "RFC 6455 5.2"}),
            "breaks the protocol: reserved-opcode (RFC 6455 5.2)");
}

TEST(EventText, OfTheEndsOfTcp) {
  EXPECT_EQ(passing(StreamEnded{.how = EndKind::fin, .inside = "frame"}), "TCP FIN inside a frame");
  EXPECT_EQ(passing(StreamEnded{.how = EndKind::fin, .truncated = true}),
            "TCP FIN without TLS's close_notify");
  EXPECT_EQ(passing(StreamEnded{.how = EndKind::reset, .unacknowledged = 12}), "TCP RST, 12 bytes lost");
  EXPECT_EQ(passing(StreamEnded{.how = EndKind::error, .error = ETIMEDOUT}),
            "TCP error: Connection timed out");
}

}  // namespace
}  // namespace wsfault::report
