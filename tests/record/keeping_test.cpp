// The budgets of a log: what is left out beyond them, what is always kept, and that the log reports the cut.
#include "record/keeping.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "record/event_log.hpp"

namespace wsfault::record {
namespace {

constexpr std::uint8_t text = 1;
constexpr std::uint8_t close = 8;
constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;

/// A log with one connection, on which events happen.
struct Link {
  explicit Link(const Budget& budget) : log(budget) { add(Accepted{}); }

  void add(What what) { log.record({"link", "sut", 1}, std::move(what)); }
  void frame(Tap tap, Side from, std::uint8_t opcode, std::uint32_t ordinal = 1) {
    add(FrameSeen{.tap = tap, .from = from, .opcode = opcode, .number = ordinal, .of_kind = ordinal});
  }
  void message(Tap tap, std::uint64_t number, const std::string& payload = "x") {
    frame(tap, Side::client, text, number);
    add(MessageSeen{tap, Side::client, number, text, payload.size(), payload});
  }
  template <typename Kind>
  std::size_t count(auto&& matches) const {
    return static_cast<std::size_t>(std::ranges::count_if(log.events(), [&](const Event& event) {
      const auto* what = std::get_if<Kind>(&event.what);
      return what != nullptr && matches(*what);
    }));
  }
  template <typename Kind>
  std::size_t count() const {
    return count<Kind>([](const Kind&) { return true; });
  }
  std::size_t cut(CutKind kind) const {
    return count<Cut>([kind](const Cut& cut) { return cut.what == kind; });
  }

  EventLog log;
};

TEST(Keeping, ABodyTakesOfTheRoomForContents) {
  Link link({.payload = 2500});
  for (const char letter : {'a', 'b', 'c'}) {
    const std::string text(1000, letter);
    for (const Tap tap : {Tap::sent, Tap::arrived}) link.add(BodySeen{tap, Side::server, 1000, text, true});
  }
  std::vector<std::size_t> sizes;
  for (const Event& event : link.log.events()) {
    const auto* body = std::get_if<BodySeen>(&event.what);
    if (body != nullptr && body->tap == Tap::sent) sizes.push_back(body->text.size());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1000, 1000, payload_left}));
  EXPECT_EQ(link.cut(CutKind::payloads), 1U);
}

TEST(Keeping, LeavesOutMessagesBeyondTheBudgetAndSaysSoOnce) {
  Link link({.events = 20});
  for (std::uint64_t i = 1; i <= 100; ++i) link.message(Tap::sent, i);
  EXPECT_LE(link.log.events().size(), 25U);
  EXPECT_EQ(link.cut(CutKind::messages), 1U);
  EXPECT_EQ(link.count<Cut>(), 1U);
}

TEST(Keeping, PingsTakeNoMoreThanTheirPart) {
  Link link({.events = 1000, .pings = 20});
  for (std::uint64_t i = 1; i <= 100; ++i) link.frame(Tap::sent, Side::client, ping, i);
  EXPECT_EQ(link.count<FrameSeen>(), 20U);
  EXPECT_EQ(link.cut(CutKind::pings), 1U);
  link.message(Tap::sent, 1);
  EXPECT_EQ(link.count<MessageSeen>(), 1U);
}

TEST(Keeping, LogsOfARunShareTheirRoomAndEachIsAssuredOfSome) {
  Room room{.events = 100};
  {
    Link first({.assured = 10, .room = &room});
    for (std::uint64_t i = 1; i <= 200; ++i) first.message(Tap::sent, i);
    EXPECT_EQ(first.cut(CutKind::messages), 1U);
    EXPECT_GE(room.used, 100U);
    Link second({.assured = 10, .room = &room});
    for (std::uint64_t i = 1; i <= 4; ++i) second.message(Tap::sent, i);
    EXPECT_EQ(second.count<Cut>(), 0U);
    for (std::uint64_t i = 5; i <= 9; ++i) second.message(Tap::sent, i);
    EXPECT_EQ(second.cut(CutKind::messages), 1U);
  }
  EXPECT_EQ(room.used, 0U);
}

TEST(Keeping, SaysSoWhereTheFirstIsLeftOut) {
  Link link({.events = 5});
  for (std::uint64_t i = 1; i <= 9; ++i) link.frame(Tap::sent, Side::client, ping, i);
  ASSERT_EQ(link.log.events().size(), 6U);
  EXPECT_TRUE(std::holds_alternative<Cut>(link.log.events().back().what));
}

TEST(Keeping, KeepsWhatHappensOnceHoweverLargeTheLogIs) {
  Link link({.events = 3});
  for (std::uint64_t i = 1; i <= 9; ++i) link.message(Tap::sent, i);
  const std::size_t before = link.log.events().size();
  link.frame(Tap::sent, Side::server, close);
  link.add(StreamEnded{.tap = Tap::sent, .side = Side::server, .how = EndKind::reset});
  link.add(FaultFired{"reset", "reset", ""});
  link.add(LinkEffect{LinkEffectKind::silence, {}});
  link.log.record({"", "sut", 0}, Report{.event = "close", .code = 1006});
  link.log.record({"", "sut", 0}, ProcessChanged{ProcessChange::exited, 7, 1, 0});
  link.log.record({}, HarnessError{"x"});
  EXPECT_EQ(link.log.events().size(), before + 7);
}

TEST(Keeping, KeepsTheArrivalOfWhatWasKeptWhenItWasSent) {
  Link link({.events = 9});
  for (std::uint64_t i = 1; i <= 20; ++i) link.message(Tap::sent, i);
  for (std::uint64_t i = 1; i <= 20; ++i) link.message(Tap::arrived, i);
  const auto frames = [&](Tap tap) {
    return link.count<FrameSeen>([tap](const FrameSeen& frame) { return frame.tap == tap; });
  };
  const auto messages = [&](Tap tap) {
    return link.count<MessageSeen>([tap](const MessageSeen& message) { return message.tap == tap; });
  };
  EXPECT_GT(frames(Tap::sent), 0U);
  EXPECT_EQ(frames(Tap::arrived), frames(Tap::sent));
  EXPECT_EQ(messages(Tap::sent), frames(Tap::sent))
      << "the last frame that was kept is that of a whole message";
  EXPECT_EQ(messages(Tap::arrived), messages(Tap::sent));
}

TEST(Keeping, KeepsAPongForEachPingThatWasKept) {
  Link link({.events = 11});
  for (std::uint64_t i = 1; i <= 50; ++i) link.frame(Tap::sent, Side::client, ping, i);
  for (std::uint64_t i = 1; i <= 50; ++i) link.frame(Tap::sent, Side::server, pong, i);
  const auto count = [&](std::uint8_t opcode) {
    return link.count<FrameSeen>([opcode](const FrameSeen& frame) { return frame.opcode == opcode; });
  };
  EXPECT_EQ(count(ping), 10U);
  EXPECT_EQ(count(pong), 10U);
  EXPECT_EQ(link.cut(CutKind::pings), 1U);
}

TEST(Keeping, KeepsEqualContentsOnce) {
  Link link({});
  const std::string payload(1000, 'p');
  link.message(Tap::sent, 1, payload);
  link.message(Tap::arrived, 1, payload);
  std::vector<Text> kept;
  for (const Event& event : link.log.events()) {
    if (const auto* message = std::get_if<MessageSeen>(&event.what)) kept.push_back(message->payload);
  }
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0], payload);
  EXPECT_TRUE(kept[0].shares_with(kept[1]));
}

TEST(Keeping, ShortensContentsBeyondTheirBudget) {
  Link link({.payload = 2500});
  for (std::uint64_t i = 1; i <= 4; ++i)
    link.message(Tap::sent, i, std::string(1000, static_cast<char>('a' + i)));
  std::vector<std::size_t> sizes;
  for (const Event& event : link.log.events()) {
    if (const auto* message = std::get_if<MessageSeen>(&event.what)) sizes.push_back(message->payload.size());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1000, 1000, payload_left, payload_left}));
  EXPECT_EQ(link.cut(CutKind::payloads), 1U);
}

TEST(Keeping, LeavesOutLinesBeyondTheirBudgetEmptyOnesToo) {
  Link link({.output = 10 * cost_of_line});
  for (int i = 0; i < 100; ++i) link.log.record({"", "sut", 0}, OutputLine{"stdout", ""});
  EXPECT_EQ(link.count<OutputLine>(), 10U);
  EXPECT_EQ(link.cut(CutKind::output), 1U);
}

TEST(Keeping, KeepsAFewOfWhatAConnectionRepeats) {
  Link link({.repeated = 3});
  for (int i = 0; i < 10; ++i) {
    link.frame(Tap::sent, Side::server, close);
    link.add(ViolationSeen{Tap::sent, Side::server, 1, "reserved-bits", "5.2"});
    ResponseSeen interim{.tap = Tap::sent};
    interim.head->status = 100;
    link.add(interim);
  }
  EXPECT_EQ(link.count<FrameSeen>(), 3U);
  EXPECT_EQ(link.count<ViolationSeen>(), 3U);
  EXPECT_EQ(link.count<ResponseSeen>(), 3U);
  EXPECT_EQ(link.count<Cut>(), 3U);
  link.add(Accepted{});  // its number was reused
  link.frame(Tap::sent, Side::server, close);
  EXPECT_EQ(link.count<FrameSeen>(), 4U);
}

TEST(Keeping, LeavesOutReportsOfMessagesFirst) {
  Link link({.events = 5});
  for (int i = 0; i < 10; ++i) link.log.record({"", "sut", 0}, Report{.event = "message"});
  link.log.record({"", "sut", 0}, Report{.event = "close"});
  EXPECT_EQ(link.count<Report>([](const Report& report) { return report.event == "message"; }), 4U);
  EXPECT_EQ(link.count<Report>([](const Report& report) { return report.event == "close"; }), 1U);
  EXPECT_EQ(link.cut(CutKind::reports), 1U);
}

TEST(Keeping, KeepsWhatAMomentComesWith) {
  Link link({.events = 3, .wanted = 2});
  link.log.keep_too([](const Event& event) {
    const auto* frame = std::get_if<FrameSeen>(&event.what);
    return frame != nullptr && frame->of_kind % 50 == 0;
  });
  for (std::uint64_t i = 1; i <= 200; ++i) link.frame(Tap::sent, Side::client, text, i);
  EXPECT_EQ(link.count<FrameSeen>([](const FrameSeen& frame) { return frame.of_kind % 50 == 0; }), 2U);
}

TEST(EventLog, DeliversWhatItDoesNotKeep) {
  Link link({.events = 3, .payload = 10});
  std::size_t seen = 0;
  std::size_t bytes = 0;
  const auto subscription = link.log.subscribe([&](const Event& event) {
    ++seen;
    if (const auto* message = std::get_if<MessageSeen>(&event.what)) bytes += message->payload.size();
  });
  for (std::uint64_t i = 1; i <= 100; ++i) link.message(Tap::sent, i, std::string(500, 'x'));
  EXPECT_EQ(seen, 200U);
  EXPECT_EQ(bytes, 100U * 500U);
  EXPECT_LT(link.log.events().size(), 10U);
}

TEST(EventLog, GivesItsEventsAwayAndGoesOn) {
  Link link({});
  link.message(Tap::sent, 1);
  EXPECT_EQ(link.log.take_events().size(), 3U);
  EXPECT_TRUE(link.log.events().empty());
  link.message(Tap::sent, 2);
  EXPECT_EQ(link.log.events().size(), 2U);
}

}  // namespace
}  // namespace wsfault::record
