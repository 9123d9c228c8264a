// Moments: the grammar of docs/scenarios.md, its errors, and how each is recognised in a log.
#include "fault/moment.hpp"

#include <gtest/gtest.h>

#include "value/toml.hpp"

namespace wsfault::fault {
namespace {

using namespace record;
using Kind = Moment::Kind;

// --- a log, event by event

constexpr std::uint8_t continuation = 0, text = 1, binary = 2, reserved = 3, close = 8, ping = 9, pong = 10;

Event event(What what, int connection = 1, std::string link = "link", std::string party = "sut") {
  return {0, {std::move(link), std::move(party), connection}, std::move(what)};
}
Event frame(Side from, std::uint8_t opcode, std::uint32_t of_kind, std::uint64_t number, Tap tap = Tap::sent,
            int connection = 1) {
  return event(
      FrameSeen{.tap = tap, .from = from, .opcode = opcode, .number = number, .of_kind = of_kind, .text = {}},
      connection);
}
Event message(std::string payload, std::uint64_t size, std::uint64_t number = 1, int connection = 1,
              Tap tap = Tap::sent) {
  return event(MessageSeen{tap, Side::server, number, text, size, std::move(payload)}, connection);
}
Event of_party(What what, std::string party) { return event(std::move(what), 0, "", std::move(party)); }

/// The indices of the events at which the moment comes.
std::vector<int> comes_at(const Moment& moment, const record::Events& events, bool across = false) {
  MomentWatch watch(moment, across);
  std::vector<int> found;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (watch.feed(events[i])) found.push_back(static_cast<int>(i));
  }
  return found;
}
std::vector<int> comes_at(std::string_view moment, const record::Events& events, bool across = false) {
  return comes_at(*parse_moment(moment), events, across);
}
using Indices = std::vector<int>;

TEST(MomentWatch, CompressedBytesAreNoTextAndHaveNoSize) {
  Event compressed = message("hello", 5);
  std::get<MessageSeen>(compressed.what).compressed = true;
  const record::Events events{compressed, message("hello", 5, 2)};
  EXPECT_EQ(comes_at("message /h/", events), Indices{1});
  EXPECT_EQ(comes_at("message <1KiB", events), Indices{1});
}

// --- the text form

TEST(MomentText, IsReadBackAsItIsWritten) {
  for (const std::string_view written : {"start",          "connect",
                                         "upgrade",        "open",
                                         "message 3",      "message 2 done",
                                         "message /a b/",  "message /a/ done",
                                         "message >64KiB", "message <1KiB",
                                         "frame 7",        "frame 7 done",
                                         "ping 1",         "ping 2 done",
                                         "pong 2",         "close",
                                         "close done",     "byte 1000",
                                         "http /refresh/", "end",
                                         "idle 30s",       "fault deploy",
                                         "healed deploy",  "mark half way",
                                         "exit",           "log /listening on \\d+/"}) {
    const auto moment = parse_moment(written);
    ASSERT_TRUE(moment) << written << ": " << moment.error();
    EXPECT_EQ(to_string(*moment), written);
  }
}

TEST(MomentText, SizesMayBeQuotedAndAreBounds) {
  EXPECT_EQ(*parse_moment(R"(message ">64KiB")")->size.low, 65537);
  EXPECT_EQ(*parse_moment("message >=64KiB")->size.low, 65536);
  EXPECT_EQ(*parse_moment("message <1KiB")->size.high, 1023);
  EXPECT_EQ(*parse_moment("message <=1KiB")->size.high, 1024);
}

TEST(MomentText, SpacesDoNotCount) {
  EXPECT_EQ(to_string(*parse_moment("  message   3   done ")), "message 3 done");
}

struct WrongMoment {
  std::string_view written;
  std::string_view message;
};

TEST(MomentText, SaysWhatIsWrong) {
  const WrongMoment wrongs[] = {
      {"mesage 3",
       "unknown moment \"mesage 3\"; did you mean \"message\"? allowed: start, connect, upgrade, open, "
       "message, frame, "
       "ping, pong, close, byte, http, end, idle, fault, healed, mark, exit, log"},
      {"",
       "unknown moment \"\"; allowed: start, connect, upgrade, open, message, frame, ping, pong, close, "
       "byte, http, "
       "end, idle, fault, healed, mark, exit, log"},
      {"open 3", "wrong moment \"open 3\": it takes nothing, but \"3\" follows"},
      {"open done", "wrong moment \"open done\": it takes nothing, but \"done\" follows"},
      {"message",
       "wrong moment \"message\": it takes a number, a regex or a size: \"message 3\", \"message /re/\", "
       "\"message >64KiB\""},
      {"message 0",
       "wrong moment \"message 0\": it takes a number, a regex or a size: \"message 3\", \"message /re/\", "
       "\"message >64KiB\""},
      {"ping", "wrong moment \"ping\": it takes a number: \"ping 1\""},
      {"frame -1", "wrong moment \"frame -1\": \"-1\" is no number from 1"},
      {"byte 3 done", "wrong moment \"byte 3 done\": \"3 done\" is no number from 1"},
      {"http refresh", "wrong moment \"http refresh\": it takes a regex: \"http /re/\""},
      {"log", "wrong moment \"log\": it takes a regex: \"log /re/\""},
      {"idle", "wrong moment \"idle\": it takes a duration: \"idle 30s\""},
      {"idle 0s", "wrong moment \"idle 0s\": it takes a duration above 0"},
      {"fault", "wrong moment \"fault\": it takes a name: \"fault NAME\""},
  };
  for (const WrongMoment& wrong : wrongs) {
    const auto moment = parse_moment(wrong.written);
    ASSERT_FALSE(moment) << wrong.written;
    EXPECT_EQ(moment.error(), wrong.message);
  }
  EXPECT_TRUE(parse_moment("message /(/")
                  .error()
                  .starts_with("wrong moment \"message /(/\": not a regular expression (RE2): "));
  EXPECT_TRUE(parse_moment("message >many").error().starts_with("wrong moment \"message >many\": "));
}

// --- the table form

std::optional<Moment> read(std::string toml, Diagnostics& diagnostics) {
  const auto table = parse_toml(toml, diagnostics);
  return read_moment(*table->find("when"), diagnostics);
}

TEST(MomentTable, NarrowsTheMoment) {
  const std::string source =
      R"(when = { moment = "message 2", from = "server", of = "stuck", connection = 3, at = "back" })";
  Diagnostics diagnostics("x.toml", source);
  const auto moment = read(source, diagnostics);
  ASSERT_TRUE(moment) << diagnostics.print();
  EXPECT_EQ(moment->from, Side::server);
  EXPECT_EQ(to_string(*moment), "message 2 from server of connection 3 of stuck at back");
}

TEST(MomentTable, SaysWhatIsWrongAndWhere) {
  const std::pair<std::string, std::string> wrongs[] = {
      {"when = 3", "1:8 a moment is a string or a table, not an integer"},
      {"when = { from = \"client\" }", "1:8 a moment's table lacks `moment`"},
      {R"(when = { moment = "opn" })", "1:19 unknown moment \"opn\"; did you mean \"open\"?"},
      {R"(when = { moment = "open", from = "client" })", "1:34 nobody sends \"open\": it takes no `from`"},
      {R"(when = { moment = "ping 1", form = "client" })", "1:29 unknown key \"form\""},
      {R"(when = { moment = "ping 1", from = "sut" })", "1:36 "},
      {R"(when = { moment = "open", connection = 0 })", "1:40 "},
  };
  for (const auto& [source, expected] : wrongs) {
    Diagnostics diagnostics("x.toml", source);
    EXPECT_FALSE(read(source, diagnostics)) << source;
    ASSERT_EQ(diagnostics.errors().size(), 1U) << source;
    const Diagnostic& error = diagnostics.errors().front();
    const std::string found =
        std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + " ";
    EXPECT_TRUE((found + error.message).starts_with(expected)) << found << error.message;
  }
}

// --- in the log

TEST(MomentWatch, ShowsAsItsEvent) {
  const record::Events log = {
      of_party(Ready{}, ""),                                                 // 0
      event(Accepted{}),                                                     // 1
      event(RequestSeen{.tap = Tap::sent}),                                  // 2
      event(RequestSeen{.tap = Tap::arrived}),                               // 3
      event(RequestSeen{.tap = Tap::sent, .upgrade = false}, 2),             // 4
      event(PlainRequest{"GET", "/refresh?x=1"}),                            // 5
      event(Opened{}),                                                       // 6
      event(ByteReached{Side::server, 200}),                                 // 7
      event(IdleReached{Duration(std::chrono::seconds(1)).count()}),         // 8
      event(Mark{"half"}),                                                   // 9
      event(FaultFired{"deploy", "kill", ""}),                               // 10
      event(FaultHealed{"deploy"}),                                          // 11
      of_party(OutputLine{"stdout", "listening on 80"}, "sut"),              // 12
      of_party(OutputLine{"stdout", "listening on 80"}, "upstream"),         // 13
      event(StreamEnded{}),                                                  // 14
      event(StreamEnded{.tap = Tap::arrived, .side = Side::server}),         // 15
      of_party(ProcessChanged{ProcessChange::frozen, 1, 0, 0}, "sut"),       // 16
      of_party(ProcessChanged{ProcessChange::exited, 1, 0, 0}, "upstream"),  // 17
      of_party(ProcessChanged{ProcessChange::exited, 1, 0, 0}, "sut"),       // 18
  };
  const std::pair<std::string_view, Indices> expected[] = {
      {"start", {0}},         {"connect", {1}},   {"upgrade", {2}},        {"http /refresh/", {5}},
      {"http /other/", {}},   {"open", {6}},      {"byte 200", {7}},       {"byte 199", {}},
      {"idle 1s", {8}},       {"idle 2s", {}},    {"mark half", {9}},      {"mark whole", {}},
      {"fault deploy", {10}}, {"fault kill", {}}, {"healed deploy", {11}}, {"log /on \\d+/", {12}},
      {"end", {14}},          {"exit", {18}},
  };
  for (const auto& [moment, indices] : expected) EXPECT_EQ(comes_at(moment, log), indices) << moment;
}

// RFC 6455 5.4: a message is its first frame and the continuations after it; control frames may come between
// them.
TEST(MomentWatch, AMessageIsItsFirstFrame) {
  const record::Events log = {
      frame(Side::server, text, 1, 1),         frame(Side::server, ping, 1, 2),
      frame(Side::server, continuation, 0, 3), frame(Side::server, reserved, 0, 4),
      frame(Side::server, binary, 2, 5),       frame(Side::server, pong, 1, 6),
      frame(Side::server, close, 1, 7),        frame(Side::server, close, 2, 8),
  };
  const std::pair<std::string_view, Indices> expected[] = {
      {"message 1", {0}}, {"message 2", {4}}, {"message 3", {}}, {"frame 3", {2}}, {"frame 4", {3}},
      {"ping 1", {1}},    {"ping 2", {}},     {"pong 1", {5}},   {"close", {6}},
  };
  for (const auto& [moment, indices] : expected) EXPECT_EQ(comes_at(moment, log), indices) << moment;
}

TEST(MomentWatch, LooksAtWhatWasSentAndNotAtWhatArrived) {
  EXPECT_EQ(comes_at("message 1", {frame(Side::server, text, 1, 1, Tap::arrived)}), Indices{});
  EXPECT_EQ(comes_at("close", {frame(Side::server, close, 1, 1, Tap::arrived)}), Indices{});
  EXPECT_EQ(comes_at("message /x/", {message("x", 1, 1, 1, Tap::arrived)}), Indices{});
}

TEST(MomentWatch, EachDirectionCountsForItselfAndTheFirstToGetThereCounts) {
  const record::Events log = {frame(Side::client, text, 1, 1), frame(Side::server, text, 1, 1),
                              frame(Side::server, text, 2, 2), frame(Side::client, text, 2, 2)};
  EXPECT_EQ(comes_at("message 2", log), Indices{2});
  Moment moment = *parse_moment("message 2");
  moment.from = Side::client;
  EXPECT_EQ(comes_at(moment, log), Indices{3});
}

TEST(MomentWatch, OrdinalsCountPerConnectionOrAcrossTheRun) {
  const record::Events log = {
      frame(Side::server, text, 1, 1, Tap::sent, 1),
      frame(Side::server, text, 2, 2, Tap::sent, 1),
      frame(Side::server, text, 1, 1, Tap::sent, 2),
      frame(Side::server, text, 2, 2, Tap::sent, 2),
  };
  EXPECT_EQ(comes_at("message 2", log), (Indices{1, 3}));
  EXPECT_EQ(comes_at("message 3", log), Indices{});
  EXPECT_EQ(comes_at("message 3", log, true), Indices{2});
}

TEST(MomentWatch, TextsAndSizesComeOncePerConnection) {
  const record::Events log = {message("hello", 5), message("bye", 70'000, 2), message("bye", 3, 3),
                              message("bye", 70'000, 1, 2)};
  EXPECT_EQ(comes_at("message /^bye/", log), (Indices{1, 3}));
  EXPECT_EQ(comes_at("message >64KiB", log), (Indices{1, 3}));
  EXPECT_EQ(comes_at("message /^bye/", log, true), Indices{1});
}

TEST(MomentWatch, DoneIsWhenItWasForwardedWhole) {
  const record::Events log = {
      frame(Side::server, text, 1, 1),                                    // 0
      message("x", 1),                                                    // 1
      event(Forwarded{.from = Side::server, .frame = 1, .message = 1}),   // 2
      frame(Side::server, ping, 1, 2),                                    // 3
      event(Forwarded{.from = Side::server, .frame = 2, .ping = 1}),      // 4
      event(Forwarded{.from = Side::server, .frame = 3, .pong = 1}),      // 5
      frame(Side::server, close, 1, 4),                                   // 6
      event(Forwarded{.from = Side::server, .frame = 4, .close = true}),  // 7
  };
  const std::pair<std::string_view, Indices> expected[] = {
      {"message 1 done", {2}}, {"frame 1 done", {2}},     {"frame 2 done", {4}},
      {"ping 1 done", {4}},    {"pong 1 done", {5}},      {"close done", {7}},
      {"message 2 done", {}},  {"message /x/ done", {2}}, {"message /y/ done", {}},
  };
  for (const auto& [moment, indices] : expected) EXPECT_EQ(comes_at(moment, log), indices) << moment;
}

TEST(MomentWatch, EndIsTheFirstOfTheConnectionOrThatOfTheSideThatIsNamed) {
  const record::Events log = {event(StreamEnded{.tap = Tap::sent, .side = Side::server}),
                              event(StreamEnded{.tap = Tap::arrived, .side = Side::client}),
                              event(StreamEnded{.tap = Tap::sent, .side = Side::client})};
  EXPECT_EQ(comes_at("end", log), Indices{0});
  Moment moment = *parse_moment("end");
  moment.from = Side::client;
  EXPECT_EQ(comes_at(moment, log), Indices{2});
}

TEST(MomentWatch, ANumberThatPlainHttpGaveBackCountsAnew) {
  const record::Events log = {event(Accepted{}), event(StreamEnded{}), event(Accepted{}),
                              event(StreamEnded{})};
  EXPECT_EQ(comes_at("end", log), (Indices{1, 3}));
}

TEST(MomentWatch, IsNarrowedToALinkAPartyAndAConnection) {
  const record::Events log = {event(Opened{}, 1, "front", "client"), event(Opened{}, 1, "back", "sut"),
                              event(Opened{}, 2, "front", "client"), event(Opened{}, 1, "front", "stuck")};
  Moment moment = *parse_moment("open");
  EXPECT_EQ(comes_at(moment, log), (Indices{0, 1, 2, 3}));
  moment.at = "front";
  EXPECT_EQ(comes_at(moment, log), (Indices{0, 2, 3}));
  moment.connection = 1;
  EXPECT_EQ(comes_at(moment, log), (Indices{0, 3}));
  moment.of = "stuck";
  EXPECT_EQ(comes_at(moment, log), (Indices{3}));
}

TEST(MomentWatch, TheProcessAndOutputOfAnotherPartyCanBeNamed) {
  Moment exit = *parse_moment("exit");
  exit.of = "upstream";
  EXPECT_EQ(comes_at(exit, {of_party(ProcessChanged{ProcessChange::exited, 1, 0, 0}, "upstream")}),
            Indices{0});
  EXPECT_EQ(comes_at(exit, {of_party(ProcessChanged{ProcessChange::exited, 1, 0, 0}, "sut")}), Indices{});
}

TEST(MomentSearch, KnowsAMessageOfBeforeThatIsDoneLater) {
  const Event matched = message("hello", 5, 1), done = event(Forwarded{.from = Side::server, .message = 1});
  MomentSearch forgetful(*parse_moment("message /h/ done"));
  EXPECT_FALSE(forgetful.feed(done));
  MomentSearch search(*parse_moment("message /h/ done"));
  search.recall(matched);
  EXPECT_TRUE(search.feed(done));
}

TEST(MomentSearch, FindsTheNextOneWhereOneCameBefore) {
  MomentSearch search(*parse_moment("message /h/ done"));
  for (const Event& before : {message("hello", 5, 1), event(Forwarded{.from = Side::server, .message = 1})})
    search.recall(before);
  EXPECT_FALSE(search.feed(message("hi", 2, 2)));
  EXPECT_TRUE(search.feed(event(Forwarded{.from = Side::server, .message = 2})));
}

TEST(FindMoment, LooksAtOneConnectionAndAtWhatBelongsToNone) {
  const record::Events log = {event(Opened{}, 1), event(Opened{}, 2), of_party(Ready{}, ""),
                              of_party(FaultFired{"deploy", "kill", ""}, "upstream")};
  EXPECT_EQ(find_moment(*parse_moment("open"), log), &log[0]);
  EXPECT_EQ(find_moment(*parse_moment("open"), log, 2), &log[1]);
  EXPECT_EQ(find_moment(*parse_moment("open"), log, 3), nullptr);
  EXPECT_EQ(find_moment(*parse_moment("start"), log, 3), &log[2]);
  EXPECT_EQ(find_moment(*parse_moment("fault deploy"), log, 3), &log[3]);
  Moment moment = *parse_moment("open");
  moment.connection = 2;
  EXPECT_EQ(find_moment(moment, log, 1), &log[1]);
}

}  // namespace
}  // namespace wsfault::fault
