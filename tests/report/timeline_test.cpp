// Events as lines: what passed the link is one line, and the window includes the time that matters.
#include "report/timeline.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "report/event_text.hpp"
#include "report/sample.hpp"

namespace wsfault::report {
namespace {

using record::EndKind;
using record::Event;
using record::FrameSeen;
using record::Side;
using record::Tap;
using sample::add_message;
using sample::ms;
using sample::of_party;
using sample::of_run;
using sample::on_link;

std::string print(const record::Events& events) {
  return print_timeline(timeline(events), Origins(*trace::Trace::of(events)).of(), {});
}

TEST(Timeline, TellsOfAResetAtTheSecondMessage) {
  EXPECT_TRUE(sample::is_printed("timeline.txt", print(sample::failed().events)));
}

TEST(Timeline, NothingIsNothing) { EXPECT_EQ(print({}), ""); }

TEST(Timeline, ADroppedMessageIsToldFromItsEqualSuccessor) {
  record::Events events{of_run(0, record::Ready{})};
  add_message(events, 1, Tap::sent, Side::server, "message 1");
  add_message(events, 2, Tap::sent, Side::server, "message 2");
  add_message(events, 2.1, Tap::arrived, Side::server, "message 2");
  EXPECT_EQ(print(events), R"(  +0.0ms  wsfault          all parties are ready
  +1.0ms  upstream → link  text "message 1" (9 bytes), which did not arrive
  +2.0ms  upstream → sut   text "message 2" (9 bytes)
)");
}

TEST(Timeline, ARepeatedMessageIsTheLinks) {
  record::Events events{of_run(0, record::Ready{})};
  add_message(events, 1, Tap::sent, Side::client, "hello");
  add_message(events, 1.1, Tap::arrived, Side::client, "hello");
  add_message(events, 1.2, Tap::arrived, Side::client, "hello");
  EXPECT_EQ(print(events), R"(  +0.0ms  wsfault          all parties are ready
  +1.0ms  sut → upstream   text "hello" (5 bytes)
  +1.2ms  link → upstream  text "hello" (5 bytes)
)");
}

TEST(Timeline, AnInjectedCloseIsNotTheOneThatWasSent) {
  const FrameSeen close{
      .tap = Tap::sent, .from = Side::server, .opcode = 8, .number = 1, .length = 2, .code = 1011};
  FrameSeen injected = close;
  injected.tap = Tap::arrived;
  injected.injected = true;
  EXPECT_EQ(print({on_link(0, close), on_link(1, injected)}),
            "  +0.0ms  upstream → link  Close 1011, which did not arrive\n"
            "  +1.0ms  link → sut       Close 1011\n");
}

record::Where of_link() { return {"link", "", 0}; }

/// Where a fault stands at the network, it is the network that is dark, and in which things are lost.
TEST(Timeline, WhatTheNetworkDoesIsNotTheLinks) {
  using record::AttemptChange;
  using record::LinkEffect;
  using record::LinkEffectKind;
  record::Events events{of_run(0, record::Ready{})};
  add_message(events, 1, Tap::sent, Side::server, "message 1");
  events.push_back({ms(1), of_link(), record::FaultFired{"out", "unplug", "the network is dark"}});
  events.push_back({ms(1), of_link(), LinkEffect{LinkEffectKind::dark, Side::client}});
  events.push_back(on_link(1, LinkEffect{.kind = LinkEffectKind::silence, .unseen = true}));
  add_message(events, 20, Tap::sent, Side::server, "message 2");
  events.push_back({ms(30), of_link(), record::AttemptUnanswered{AttemptChange::began, "10.0.0.2:4"}});
  events.push_back({ms(40), of_link(), LinkEffect{LinkEffectKind::resumed, Side::client}});
  events.push_back(on_link(40, LinkEffect{.kind = LinkEffectKind::resumed}));
  events.push_back({ms(40), of_link(), record::FaultHealed{"out"}});
  events.push_back({ms(50), of_link(), record::AttemptUnanswered{AttemptChange::answered, "10.0.0.2:4"}});
  EXPECT_EQ(print_timeline(timeline(events), {.at = 0}, {}),
            R"(   +0.0ms  wsfault             all parties are ready
   +1.0ms  upstream → network  text "message 1" (9 bytes), which did not arrive
   +1.0ms  network             fault out (unplug) fired: the network is dark
  +20.0ms  upstream → network  text "message 2" (9 bytes), which did not arrive
  +30.0ms  network             an attempt to connect gets no answer (from 10.0.0.2:4)
  +40.0ms  network             fault out healed
  +50.0ms  network             the attempt from 10.0.0.2:4 is answered
)");
}

/// What is lost after it has healed, or on a link that it does not concern, another has lost.
TEST(Timeline, TheNetworkLosesWhatItsFaultConcerns) {
  record::Events events{of_run(0, record::Ready{})};
  events.push_back(
      {ms(1), {"back", "", 0}, record::FaultFired{"partition", "partition", "the network is dark"}});
  add_message(events, 20, Tap::sent, Side::server, "elsewhere");
  events.push_back({ms(40), {"back", "", 0}, record::FaultHealed{"partition"}});
  events.push_back({ms(50), of_link(), record::FaultFired{"loss", "loss", "packets are lost"}});
  events.push_back({ms(60), of_link(), record::FaultHealed{"loss"}});
  add_message(events, 70, Tap::sent, Side::server, "later");
  const std::string printed = print(events);
  EXPECT_NE(printed.find("upstream → link  text \"elsewhere\""), std::string::npos) << printed;
  EXPECT_NE(printed.find("upstream → link  text \"later\""), std::string::npos) << printed;
}

TEST(Timeline, AFrameThatIsChangedOnItsWayIsAnother) {
  const FrameSeen ping{
      .tap = Tap::sent, .from = Side::server, .opcode = 9, .number = 1, .length = 1, .text = "a"};
  FrameSeen changed = ping;
  changed.tap = Tap::arrived;
  changed.text = "b";
  changed.of = 1;
  EXPECT_EQ(print({on_link(0, ping), on_link(1, changed)}),
            "  +0.0ms  upstream → link  ping \"a\", which did not arrive\n"
            "  +1.0ms  link → sut       ping \"b\"\n");
}

/// User time for formatting this many messages that all lag behind the last one.
double seconds_for_late_messages(int count) {
  record::Events events;
  for (const Tap tap : {Tap::sent, Tap::arrived}) {
    for (int i = 1; i <= count; ++i) {
      FrameSeen frame{.tap = tap, .from = Side::client, .number = static_cast<std::uint64_t>(i), .length = 6};
      if (tap == Tap::arrived) frame.of = frame.number;
      events.push_back(on_link(i, frame));
      events.push_back(on_link(i, record::MessageSeen{.tap = tap,
                                                      .from = Side::client,
                                                      .number = frame.number,
                                                      .size = 6,
                                                      .payload = fmt::format("{:06}", i)}));
    }
  }
  const std::clock_t begin = std::clock();
  EXPECT_EQ(timeline(events).size(), static_cast<std::size_t>(count));
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST(Timeline, TakesTimeInProportionToItsMessages) {
  EXPECT_LT(seconds_for_late_messages(32'000), 40 * (seconds_for_late_messages(4'000) + 0.01));
}

TEST(Timeline, WhatIsDelayedSaysHowLong) {
  record::Events events;
  add_message(events, 0, Tap::sent, Side::server, "slow");
  add_message(events, 250, Tap::arrived, Side::server, "slow");
  EXPECT_EQ(print(events), "  +0.0ms  upstream → sut  text \"slow\" (4 bytes), 250.0ms on its way\n");
}

TEST(Timeline, AnEndThatPassesTheLinkIsOneLine) {
  EXPECT_EQ(print({on_link(0, record::StreamEnded{Tap::sent, Side::server, EndKind::reset}),
                   on_link(0.1, record::StreamEnded{Tap::arrived, Side::client, EndKind::reset}),
                   on_link(0.2, record::StreamEnded{Tap::sent, Side::client, EndKind::fin})}),
            "  +0.0ms  upstream → sut  TCP RST\n"
            "  +0.2ms  sut → link      TCP FIN\n");
}

TEST(Timeline, NumbersConnectionsWhereThereAreSeveral) {
  record::Events events;
  add_message(events, 0, Tap::sent, Side::client, "a", 1);
  add_message(events, 0, Tap::arrived, Side::client, "a", 1);
  add_message(events, 1, Tap::sent, Side::client, "b", 2);
  add_message(events, 1, Tap::arrived, Side::client, "b", 2);
  events.push_back(of_party(2, record::Report{.event = "reconnecting"}, 2));
  EXPECT_EQ(print(events), R"(  +0.0ms  sut → upstream #1  text "a" (1 byte)
  +1.0ms  sut → upstream #2  text "b" (1 byte)
  +2.0ms  sut #2             reports reconnecting
)");
}

TEST(Timeline, NamesThePartiesOfAGateway) {
  const FrameSeen ping{.from = Side::client, .opcode = 9, .masked = true, .number = 1};
  FrameSeen arrived = ping;
  arrived.tap = Tap::arrived;
  arrived.of = 1;
  EXPECT_EQ(print({{0, {"front", "client", 1}, ping},
                   {0, {"front", "client", 1}, arrived},
                   {ms(1), {"back", "sut", 1}, ping}}),
            "  +0.0ms  client → sut  ping\n"
            "  +1.0ms  sut → back    ping, which did not arrive\n");
}

TEST(Timeline, AnEffectIsToldOnceWithItsFault) {
  EXPECT_EQ(print({on_link(0, record::FaultFired{"blackhole", "blackhole", "silence to both"}),
                   on_link(0, record::LinkEffect{record::LinkEffectKind::silence, {}}),
                   {ms(5), {"link", "", 0}, record::ProcessChanged{record::ProcessChange::killed, 7, 0, 9}},
                   {ms(6), {"link", "", 0}, record::LinkEffect{record::LinkEffectKind::refused, {}}}}),
            "  +0.0ms  link  fault blackhole fired: silence to both\n"
            "  +5.0ms  link  process killed with SIGKILL\n"
            "  +6.0ms  link  refuses connections\n");
}

TEST(Timeline, AScriptsStepsAreItsPartys) {
  EXPECT_EQ(print({{0, {"link", "upstream", 1}, record::Mark{"subscribed"}},
                   {ms(1), {"", "upstream", 0}, record::PlainRequest{"GET", "/refresh"}}}),
            "  +0.0ms  upstream  script reached mark \"subscribed\"\n"
            "  +1.0ms  upstream  receives plain HTTP GET /refresh\n");
}

TEST(Timeline, CountsFromTheFaultOfThatConnection) {
  const record::Events events{of_run(1, record::Ready{}),
                              on_link(2, record::FaultFired{"reset", "reset", ""}, 1),
                              on_link(3, record::FaultFired{"reset", "reset", ""}, 2)};
  EXPECT_EQ(Origins(*trace::Trace::of(events)).of(2).at, ms(3));
  EXPECT_EQ(Origins(*trace::Trace::of(events)).of(0).at, ms(2));
  EXPECT_EQ(Origins(*trace::Trace::of(events)).of(7).at, ms(2));
  EXPECT_EQ(Origins(*trace::Trace::of(record::Events{events.front()})).of().at, ms(1));
  EXPECT_FALSE(Origins(*trace::Trace::of(record::Events{events.front()})).of().fault);
  EXPECT_EQ(Origins(*trace::Trace::of(record::Events{})).of().at, 0);
}

/// A fault at 100 ms among messages every millisecond.
std::vector<TimelineEntry> many() {
  std::vector<TimelineEntry> entries;
  for (int i = 0; i < 1000; ++i) {
    entries.push_back({ms(i), "sut", i == 100 ? "fault" : fmt::format("line {}", i)});
  }
  return entries;
}

TEST(Timeline, ShowsTheFaultAndTheInstant) {
  EXPECT_EQ(print_timeline(many(), {ms(100), true}, {.at = ms(700)}), R"(         …
    -3.0ms  sut  line 97
    -2.0ms  sut  line 98
    -1.0ms  sut  line 99
    +0.0ms  sut  fault
    +1.0ms  sut  line 101
    +2.0ms  sut  line 102
         …
  +595.0ms  sut  line 695
  +596.0ms  sut  line 696
  +597.0ms  sut  line 697
  +598.0ms  sut  line 698
  +599.0ms  sut  line 699
  +600.0ms  sut  line 700
  +601.0ms  sut  line 701
  +602.0ms  sut  line 702
         …
)");
}

TEST(Timeline, FillsTheWindowWhereBothAreNear) {
  EXPECT_EQ(print_timeline(many(), {ms(100), true}, {.at = ms(101)}), R"(       …
  -5.0ms  sut  line 95
  -4.0ms  sut  line 96
  -3.0ms  sut  line 97
  -2.0ms  sut  line 98
  -1.0ms  sut  line 99
  +0.0ms  sut  fault
  +1.0ms  sut  line 101
  +2.0ms  sut  line 102
  +3.0ms  sut  line 103
  +4.0ms  sut  line 104
  +5.0ms  sut  line 105
  +6.0ms  sut  line 106
  +7.0ms  sut  line 107
  +8.0ms  sut  line 108
       …
)");
}

TEST(Timeline, FillsTheWindowAtEitherEnd) {
  const auto entries = many();
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  EXPECT_EQ(lines(print_timeline(entries, {0, false}, {.at = 0})), 15);
  EXPECT_EQ(lines(print_timeline(entries, {ms(999), true}, {.at = ms(999)})), 15);
  EXPECT_EQ(lines(print_timeline(entries, {ms(2000), true}, {.at = ms(2000)})), 15);
  EXPECT_EQ(lines(print_timeline({entries.begin(), entries.begin() + 14}, {0, false}, {.at = ms(3)})), 14);
}

/// A case in which two moments decide that are far from the fault and from the finding's own.
record::Events thawed_and_reset() {
  record::Events events;
  const auto chatter = [&events](int from, int to) {
    for (int i = from; i < to; ++i) add_message(events, i, Tap::sent, Side::server, fmt::format("{}", i));
  };
  chatter(0, 100);
  events.push_back(on_link(100, record::FaultFired{"idle_kill", "idle_kill", "RST to the next packet"}));
  chatter(100, 400);
  events.push_back({ms(400), {"", "sut", 0}, record::ProcessChanged{record::ProcessChange::thawed, 7, 0, 0}});
  chatter(400, 700);
  events.push_back(on_link(700, record::StreamEnded{Tap::sent, Side::client, EndKind::fin}));
  chatter(700, 900);
  events.push_back(on_link(900, record::Accepted{}, 2));
  chatter(900, 1000);
  events.push_back(of_run(1000, record::RunEnded{}));
  return events;
}

TEST(Timeline, KeepsWhatDecidesWhereverItIs) {
  const auto entries = timeline(thawed_and_reset());
  const std::string text =
      print_timeline(entries, {ms(100), true}, {.at = ms(100), .since = ms(250), .connection = 1});
  for (const char* line : {"fault idle_kill fired", "process thawed", "TCP FIN", "TCP connection", "case ended",
                           "+150.0ms  upstream → link #1  text \"250\""})
    EXPECT_NE(text.find(line), std::string::npos) << line << " is missing in\n" << text;
  EXPECT_LE(std::ranges::count(text, '\n'), 14 + 5 + 8);
}

TEST(Timeline, OfAnotherConnectionOnlyWhatIsNearIsShown) {
  const auto entries = timeline(thawed_and_reset());
  const std::string text =
      print_timeline(entries, {ms(100), true}, {.at = ms(100), .since = {}, .connection = 7});
  EXPECT_EQ(text.find("TCP FIN"), std::string::npos) << text;
  EXPECT_NE(text.find("process thawed"), std::string::npos) << text;
}

TEST(Timeline, SoManyLinesThatDecideAtMost) {
  record::Events events;
  for (int i = 0; i < 500; ++i)
    events.push_back(on_link(i, record::StreamEnded{Tap::sent, Side::client, EndKind::fin}));
  const std::string text = print_timeline(timeline(events), {0, false}, {});
  EXPECT_LE(std::ranges::count(text, '\n'), static_cast<long>(2 * (longest_window + most_that_decide)));
}

TEST(Timeline, RelativeTimes) {
  EXPECT_EQ(relative_time(0), "+0.0ms");
  EXPECT_EQ(relative_time(-1), "+0.0ms");
  EXPECT_EQ(relative_time(ms(-12.34)), "-12.3ms");
  EXPECT_EQ(relative_time(ms(9999)), "+9999.0ms");
  EXPECT_EQ(relative_time(ms(12345)), "+12.35s");
}

}  // namespace
}  // namespace wsfault::report
