// Random legal sessions over a real link: what no fault was meant for arrives whole, once and in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "../wire/random_frames.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/observer.hpp"

namespace wsfault::actor {
namespace {

using wire::test::FrameSource;
using wire::test::RandomFrames;
using wire::test::Sent;

/// What one peer says, in the pieces in which it writes it.
struct Speech {
  Side side = Side::client;
  RandomFrames said;
  std::string bytes;
  std::size_t written = 0;

  bool over() const { return written == bytes.size(); }
};

struct Round {
  const char* what;
  std::string fault;                  ///< keys of one [[fault]]; empty: none
  std::vector<Side> spared = {};      ///< whose bytes the fault leaves alone; empty: of both
  bool holds_messages = false;        ///< control frames then overtake fragments
  std::size_t most_bytes = SIZE_MAX;  ///< of each side, where the fault takes its time
  bool by_fast_lane = false;
  bool leaves_it = false;  ///< at some moment
  bool comes_back = false;  ///< and leaves it again, at some others
};

class RandomSession {
 public:
  RandomSession(const Round& round, unsigned seed)
      : round_(round),
        random_(seed),
        stage_({.faults = round.fault.empty() ? "" : "[[fault]]\n" + round.fault,
                .tells_forwarded = random_() % 2 == 0 && !round.by_fast_lane,
                .holds_messages = round.holds_messages,
                .has_fast_lane = round.by_fast_lane,
                .passing = round.by_fast_lane ? Passing::as_needed : Passing::in_units,
                .seed = seed}),
        ends_(stage_.open()),
        speeches_{speech(Side::client), speech(Side::server)} {}

  /// Both speak at once; each waits at times until all that it said is on the way, or has arrived.
  void speak() {
    while (!speeches_[0].over() || !speeches_[1].over()) {
      Speech& speech = speeches_[random_() % 2];
      if (speech.over()) continue;
      const std::size_t size = random_() % 8 == 0 ? random_() % 100'000 : 1 + random_() % 50;
      sender(speech.side).send(speech.bytes.substr(speech.written, size));
      speech.written = std::min(speech.written + size, speech.bytes.size());
      pause(speech);
    }
  }

  void expect_all_arrived() {
    for (const Speech& speech : speeches_) {
      if (!is_spared(speech.side)) continue;
      const std::string head = speech.side == Side::client ? sample::request : sample::answer;
      const std::string& received = receiver(speech.side).received;
      const std::size_t wanted = head.size() + speech.bytes.size();
      ASSERT_TRUE(stage_.until([&] { return received.size() >= wanted; }))
          << received.size() << " of " << wanted << " bytes from the " << to_string(speech.side);
      ASSERT_EQ(received.size(), wanted);
      if (round_.holds_messages) {
        expect_same_messages(speech, received.substr(head.size()));
      } else {
        EXPECT_TRUE(received == head + speech.bytes) << "from the " << to_string(speech.side);
      }
      if (round_.by_fast_lane) {
        expect_counted(speech);
      } else {
        expect_in_the_log(speech);
      }
    }
  }

 private:
  Speech speech(Side side) {
    Speech speech{side, FrameSource(side, random_).make(1 + random_() % 12), {}, 0};
    while (speech.said.bytes().size() > round_.most_bytes)
      speech.said = FrameSource(side, random_).make(1 + random_() % 4);
    speech.bytes = speech.said.bytes();
    return speech;
  }
  bool is_spared(Side side) const {
    return round_.spared.empty() || std::ranges::find(round_.spared, side) != round_.spared.end();
  }
  Peer& sender(Side side) { return side == Side::client ? ends_.first : ends_.second; }
  Peer& receiver(Side side) { return side == Side::client ? ends_.second : ends_.first; }

  void pause(const Speech& speech) {
    switch (random_() % 6) {
      case 0:
        stage_.loop.io().restart();
        for (auto steps = random_() % 30; steps > 0; --steps) stage_.loop.io().poll_one();
        break;
      case 1:
        if (is_spared(speech.side)) stage_.until([&] { return sender(speech.side).delivered(); });
        break;
      case 2:
        if (!round_.leaves_it || (left_ && !round_.comes_back)) break;
        left_ = !left_;
        stage_.link.need_events(left_);
        break;
      default:
        break;
    }
  }

  void expect_same_messages(const Speech& speech, const std::string& received) {
    std::vector<Sent> messages;
    std::vector<Sent> controls;
    wire::FrameObserver observer(speech.side);
    for (std::string_view rest = received;;) {
      const auto step = observer.next(rest);
      rest.remove_prefix(step.consumed);
      const std::uint8_t opcode = observer.header().opcode;
      if (step.what == wire::FrameObserver::What::more) break;
      if (step.what == wire::FrameObserver::What::header && (opcode == 1 || opcode == 2))
        messages.push_back({opcode, ""});
      if (step.what == wire::FrameObserver::What::payload && !wire::is_control(opcode)) {
        std::string bytes(step.bytes);
        if (const auto key = observer.header().masking_key)
          wire::mask(bytes.data(), bytes.size(), *key, observer.payload_seen() - bytes.size());
        messages.back().payload += bytes;
      }
      if (step.what == wire::FrameObserver::What::end && wire::is_control(opcode))
        controls.push_back({opcode, std::string(observer.control_payload())});
      EXPECT_TRUE(observer.violations().empty());
    }
    EXPECT_TRUE(messages == speech.said.messages) << "from the " << to_string(speech.side);
    EXPECT_TRUE(controls == speech.said.controls) << "from the " << to_string(speech.side);
  }

  /// Each frame once, by the lane or in the log, and in the log by its number on the connection.
  void expect_counted(const Speech& speech) {
    const std::size_t side = relay::index_of(speech.side);
    std::uint64_t counted = 0;
    for (const std::uint64_t count : stage_.link.tally().frames[side]) counted += count;
    EXPECT_TRUE(round_.leaves_it || counted == speech.said.frames.size()) << counted;
    if (round_.comes_back) {
      // One that was begun on the lane and ended elsewhere is counted and told.
      EXPECT_GE(counted + told_as_sent(speech), speech.said.frames.size());
      return;
    }
    for (const record::Tap tap : {record::Tap::sent, record::Tap::arrived}) {
      const auto last = [&] {
        std::uint64_t number = counted;
        for (const record::Event& event : stage_.log.events()) {
          const auto* frame = std::get_if<record::FrameSeen>(&event.what);
          if (frame != nullptr && frame->from == speech.side && frame->tap == tap) number = frame->number;
        }
        return number;
      };
      EXPECT_TRUE(stage_.until([&] { return last() == speech.said.frames.size(); }))
          << last() << " of " << speech.said.frames.size();
    }
  }
  std::uint64_t told_as_sent(const Speech& speech) const {
    std::uint64_t told = 0, last = 0;
    for (const record::Event& event : stage_.log.events()) {
      const auto* frame = std::get_if<record::FrameSeen>(&event.what);
      if (frame == nullptr || frame->from != speech.side || frame->tap != record::Tap::sent) continue;
      EXPECT_GT(frame->number, std::exchange(last, frame->number));
      ++told;
    }
    EXPECT_LE(last, speech.said.frames.size());
    return told;
  }
  /// Each message once as sent and once as it arrived, in the same order.
  void expect_in_the_log(const Speech& speech) {
    const std::size_t messages = speech.said.messages.size();
    ASSERT_TRUE(stage_.until([&] { return in_log(speech.side, record::Tap::arrived).size() >= messages; }));
    for (const record::Tap tap : {record::Tap::sent, record::Tap::arrived})
      EXPECT_TRUE(in_log(speech.side, tap) == beginnings(speech.said.messages))
          << "from the " << to_string(speech.side);
  }
  /// A log keeps the first 64 KiB of a payload.
  static std::string beginning(std::string_view payload) { return std::string(payload.substr(0, 64 * 1024)); }
  static std::vector<Sent> beginnings(const std::vector<Sent>& messages) {
    std::vector<Sent> kept;
    for (const Sent& message : messages) kept.push_back({message.opcode, beginning(message.payload)});
    return kept;
  }
  std::vector<Sent> in_log(Side side, record::Tap tap) const {
    std::vector<Sent> messages;
    for (const record::Event& event : stage_.log.events()) {
      const auto* message = std::get_if<record::MessageSeen>(&event.what);
      if (message == nullptr || message->from != side || message->tap != tap || event.where.connection != 1)
        continue;
      EXPECT_EQ(message->number, messages.size() + 1);
      messages.push_back({message->opcode, message->payload.str()});
    }
    return messages;
  }

  const Round& round_;
  std::mt19937 random_;
  Stage stage_;
  std::pair<Peer&, Peer&> ends_;
  std::array<Speech, 2> speeches_;
  bool left_ = false;
};

void try_rounds(const Round& round, unsigned rounds) {
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    SCOPED_TRACE(testing::Message() << round.what << ", seed " << seed);
    RandomSession session(round, seed);
    session.speak();
    session.expect_all_arrived();
    if (testing::Test::HasFailure()) return;
  }
}

const std::vector<Side> only_client = {Side::client};
const std::vector<Side> only_server = {Side::server};

TEST(RandomSessions, PassUnchangedWhereNoFaultStrikes) {
  const Round rounds[] = {
      {"no fault", ""},
      {"messages are held", "", {}, true},
      {"a moment that never comes", "inject = \"reset\"\nwhen = \"message 1000000\""},
      {"a mark that nobody reaches", "inject = \"corrupt\"\nwhen = \"mark never\""},
      {"another connection", "inject = \"reset\"\nwhen = \"open\"\nconnections = 2"},
      {"a fault on messages of another connection",
       "inject = \"drop_message\"\nwhen = \"open\"\nconnections = 2"},
      {"no message is chosen", "inject = \"corrupt\"\nratio = 0.0\nwhen = \"open\"", {}, true},
  };
  for (const Round& round : rounds) try_rounds(round, 40);
}

TEST(RandomSessions, PassUnchangedByTheFastLane) {
  try_rounds({.what = "the fast lane", .by_fast_lane = true}, 60);
}

TEST(RandomSessions, PassUnchangedWhereTheyLeaveTheFastLane) {
  try_rounds({.what = "the fast lane is left", .by_fast_lane = true, .leaves_it = true}, 200);
}

TEST(RandomSessions, PassUnchangedWhereTheyComeBackToTheFastLane) {
  try_rounds({.what = "the fast lane is left and entered", .by_fast_lane = true, .leaves_it = true, .comes_back = true}, 300);
}

TEST(RandomSessions, PassWholeWhereAFaultOnlyTakesTime) {
  const Round rounds[] = {
      {"latency", "inject = \"latency\"\nlatency = \"1ms\"\njitter = \"1ms\"\nwhen = \"open\""},
      {"bandwidth", "inject = \"bandwidth\"\nrate = \"20MiB\"\nwhen = \"open\""},
      {"small writes",
       "inject = \"slicer\"\naverage_size = \"7B\"\nsize_variation = \"6B\"\nwhen = \"open\"",
       {},
       false,
       5000},
      {"a stall that ends", "inject = \"stall\"\nlasts = \"2ms\"\nwhen = \"open\""},
  };
  for (const Round& round : rounds) try_rounds(round, 10);
}

TEST(RandomSessions, TheOtherDirectionIsSpared) {
  const Round rounds[] = {
      {"messages of the server are lost",
       "inject = \"drop_message\"\nwhen = \"open\"\ndirection = \"to-client\"", only_client},
      {"messages of the client are lost",
       "inject = \"drop_message\"\nwhen = \"open\"\ndirection = \"to-server\"", only_server},
      {"messages of the server come twice",
       "inject = \"duplicate_message\"\nwhen = \"open\"\ndirection = \"to-client\"", only_client},
      {"bytes of the client are changed", "inject = \"corrupt\"\nwhen = \"open\"\ndirection = \"to-server\"",
       only_server},
      {"the server's bytes wait", "inject = \"stall\"\nwhen = \"open\"\ndirection = \"to-client\"",
       only_client},
      {"the client's bytes vanish", "inject = \"blackhole\"\nwhen = \"open\"\ndirection = \"to-server\"",
       only_server},
      {"the server's bytes take time",
       "inject = \"latency\"\nlatency = \"1ms\"\nwhen = \"open\"\ndirection = \"to-client\"", only_client},
  };
  for (const Round& round : rounds) try_rounds(round, 20);
}

}  // namespace
}  // namespace wsfault::actor
