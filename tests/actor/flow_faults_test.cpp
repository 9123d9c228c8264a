// Faults of the byte flow (bandwidth, slicer, limit_data, corrupt, slow_close, floods, pongs), in both
// directions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <chrono>

#include "fault/catalogue.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using std::chrono::milliseconds;
using wire::test::hex;
using Clock = std::chrono::steady_clock;

/// The name of a direction, its sender and its receiver.
struct Way {
  const char* name;
  std::string direction;
  Side from;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class Flow : public testing::TestWithParam<Way> {
 protected:
  /// The fault only in that direction, from the handshake on.
  void open(const std::string& fault, const std::string& when = "\"open\"") {
    stage_.emplace(StageSetting{.faults = "[[fault]]\nname = \"f\"\nwhen = " + when + "\ndirection = \"" +
                                          GetParam().direction + "\"\n" + fault});
    auto [client, server] = stage_->open();
    ASSERT_TRUE(stage_->until_told("opened"));
    const bool down = GetParam().from == Side::server;
    speaker_ = down ? &server : &client;
    hearer_ = down ? &client : &server;
    heard_before_ = down ? sample::answer.size() : sample::request.size();
  }
  std::string frame(std::string_view payload, std::uint8_t opcode = 1) const {
    return GetParam().from == Side::server ? from_server(payload, opcode) : from_client(payload, opcode);
  }
  std::string fragment(std::string_view payload, std::uint8_t opcode, bool fin) const {
    return GetParam().from == Side::server ? from_server(payload, opcode, fin)
                                           : from_client(payload, opcode, fin);
  }
  /// A message in the other direction.
  std::string answer(std::string_view payload) {
    const std::string bytes = GetParam().from == Side::server ? from_client(payload) : from_server(payload);
    hearer_->send(bytes);
    return bytes;
  }
  std::string heard() const {
    return hearer_->received.substr(std::min(heard_before_, hearer_->received.size()));
  }
  bool until_heard(const std::string& bytes) {
    return stage_->until([&] { return heard() == bytes; });
  }

  /// The moment of the other side's first message.
  const std::string other_speaks = std::string("{ moment = \"message 1\", from = \"") +
                                   (GetParam().from == Side::server ? "client" : "server") + "\" }";
  std::optional<Stage> stage_;
  Peer* speaker_ = nullptr;
  Peer* hearer_ = nullptr;
  std::size_t heard_before_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, Flow,
                         testing::Values(Way{"ToClient", "to-client", Side::server},
                                         Way{"ToServer", "to-server", Side::client}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(Flow, BandwidthCountsSmallFramesTogether) {
  open("inject = \"bandwidth\"\nrate = \"400B\"");
  std::string sent;
  for (int i = 0; i < 20; ++i) sent += frame("0123456789");
  const auto start = Clock::now();
  speaker_->send(sent);
  ASSERT_TRUE(until_heard(sent)) << stage_->whole_log();
  // All but the last frame must have passed at 400 bytes a second.
  const auto least = std::chrono::duration<double>(static_cast<double>(sent.size() * 19 / 20) / 400);
  EXPECT_GE(Clock::now() - start, least);
}

TEST_P(Flow, BandwidthOfOneDirectionLeavesTheOtherAlone) {
  open("inject = \"bandwidth\"\nrate = \"1B\"");
  speaker_->send(frame("never heard in time"));
  const std::string back = GetParam().from == Side::server ? from_client("at once") : from_server("at once");
  hearer_->send(back);
  EXPECT_TRUE(stage_->until([&] { return speaker_->received.ends_with(back); }));
}

TEST_P(Flow, SlicerPassesEveryByteInPiecesThatAreApart) {
  open("inject = \"slicer\"\naverage_size = \"3B\"\nsize_variation = \"2B\"\ndelay = \"10ms\"");
  const std::string sent = frame("cut into small pieces");
  const auto start = Clock::now();
  speaker_->send(sent);
  ASSERT_TRUE(stage_->until([&] { return !heard().empty(); }));
  EXPECT_LT(heard().size(), sent.size());
  ASSERT_TRUE(until_heard(sent)) << stage_->whole_log();
  // At most 5 bytes per piece; a frame's header is a separate piece.
  EXPECT_GE(Clock::now() - start, milliseconds(10) * (static_cast<int>(sent.size()) / 5 - 1));
}

TEST_P(Flow, LimitDataEndsBothSidesAtExactlyThatByte) {
  open("inject = \"limit_data\"\nbytes = \"10B\"");
  const std::string sent = frame("m1") + frame("0123456789");
  speaker_->send(sent);
  ASSERT_TRUE(stage_->until([&] { return hearer_->has_fin() && speaker_->has_fin(); }))
      << stage_->whole_log();
  EXPECT_EQ(heard(), sent.substr(0, 10));
}

// Bytes are counted from the moment on: from the accept, so the bytes of the head count too.
TEST_P(Flow, LimitDataCutsAHeadAndResets) {
  const bool down = GetParam().from == Side::server;
  Stage stage(
      {.faults = "[[fault]]\ninject = \"limit_data\"\nbytes = \"20B\"\nend = \"reset\"\ndirection = \"" +
                 GetParam().direction + "\""});
  auto [client, server] = stage.connect();
  client.send(sample::request);
  if (down) {
    ASSERT_TRUE(stage.until([&server = server] { return server.received == sample::request; }));
    server.send(sample::answer);
  }
  ASSERT_TRUE(stage.until([&] { return client.has_reset() && server.has_reset(); })) << stage.whole_log();
  EXPECT_EQ(down ? client.received : server.received,
            (down ? sample::answer : sample::request).substr(0, 20));
}

TEST_P(Flow, SlowCloseHoldsTheFinAloneBack) {
  open("inject = \"slow_close\"\ndelay = \"200ms\"");
  const std::string last = frame("last words");
  const auto start = Clock::now();
  speaker_->send(last);
  speaker_->send_fin();
  ASSERT_TRUE(until_heard(last));
  EXPECT_FALSE(hearer_->end);
  // The other direction stays open.
  const std::string back = answer("still here");
  ASSERT_TRUE(stage_->until([&] { return speaker_->received.ends_with(back); }));
  ASSERT_TRUE(stage_->until([&] { return hearer_->has_fin(); })) << stage_->whole_log();
  EXPECT_GE(Clock::now() - start, milliseconds(200));
}

TEST_P(Flow, SlowCloseLetsAResetPass) {
  open("inject = \"slow_close\"\ndelay = \"1h\"");
  speaker_->send_reset();
  EXPECT_TRUE(stage_->until([&] { return hearer_->has_reset(); })) << stage_->whole_log();
}

std::size_t differing_bits(std::string_view one, std::string_view other) {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    bits += static_cast<std::size_t>(std::popcount(static_cast<unsigned char>(one[i] ^ other[i])));
  }
  return bits;
}

TEST_P(Flow, CorruptFlipsSoManyBits) {
  open("inject = \"corrupt\"\nbits = 5");
  const std::string sent = frame("some twenty bytes of it");
  speaker_->send(sent);
  ASSERT_TRUE(stage_->until([&] { return heard().size() == sent.size(); })) << stage_->whole_log();
  EXPECT_EQ(differing_bits(heard(), sent), 5U);
}

TEST_P(Flow, CorruptOfNoneLeavesAllAsItIs) {
  open("inject = \"corrupt\"\nratio = 0");
  const std::string sent = frame("m1") + frame("m2");
  speaker_->send(sent);
  EXPECT_TRUE(until_heard(sent)) << stage_->whole_log();
}

// The same seed flips the same bits, regardless of how the bytes are split.
TEST_P(Flow, CorruptIsSeeded) {
  const std::string sent = frame("one") + frame("two") + frame("three");
  open("inject = \"corrupt\"\nratio = 0.5");
  speaker_->send(sent);
  ASSERT_TRUE(stage_->until([&] { return heard().size() == sent.size(); }));
  const std::string first = heard();
  open("inject = \"corrupt\"\nratio = 0.5");
  const std::size_t cut = frame("one").size() + 3;
  speaker_->send(sent.substr(0, cut));
  ASSERT_TRUE(stage_->until([&] { return heard().size() == frame("one").size(); }));
  speaker_->send(sent.substr(cut));
  ASSERT_TRUE(stage_->until([&] { return heard().size() == sent.size(); }));
  EXPECT_EQ(heard(), first);
}

// RFC 6455 5.5.3: a pong carries what its ping carried; this one does not.
TEST_P(Flow, WrongPongAnswersAnotherQuestion) {
  open("inject = \"wrong_pong\"");
  speaker_->send(frame("heartbeat 1", 10) + frame("heartbeat 2", 10));
  const std::string payload = "another question's answer";
  ASSERT_TRUE(stage_->until([&] { return heard().ends_with(frame("heartbeat 2", 10)); }));
  const std::string wrong = heard().substr(0, heard().size() - frame("heartbeat 2", 10).size());
  EXPECT_EQ(wrong.size(), frame(payload, 10).size());
  EXPECT_EQ(wrong[0], '\x8a');
  if (GetParam().from == Side::server) {
    EXPECT_EQ(wrong, from_server(payload, 10));
  }
}

/// The speaker is inside a message; the other side's message fires the fault.
TEST_P(Flow, AMessageOfManyFragmentsWaitsForTheEndOfAnother) {
  open("inject = \"many_fragments\"\ncount = 2", other_speaks);
  speaker_->send(fragment("in two ", 1, false));
  ASSERT_TRUE(until_heard(fragment("in two ", 1, false)));
  answer("go");
  ASSERT_TRUE(stage_->until_told("fault f fired"));
  const std::string whole = fragment("in two ", 1, false) + fragment("pieces", 0, true);
  speaker_->send(fragment("pieces", 0, true));
  ASSERT_TRUE(stage_->until([&] { return heard().size() > whole.size(); })) << stage_->whole_log();
  EXPECT_TRUE(heard().starts_with(whole)) << testing::PrintToString(heard());
}

// RFC 6455 5.4: control frames may stand between fragments.
TEST_P(Flow, PingsGoBetweenTheFragmentsOfAMessage) {
  open("inject = \"ping_flood\"\ncount = 2", other_speaks);
  const std::string first = fragment("in two ", 1, false);
  const std::string second = fragment("pieces", 0, true);
  speaker_->send(first);
  ASSERT_TRUE(until_heard(first));
  answer("go");
  ASSERT_TRUE(stage_->until([&] { return heard().size() == first.size() + 2 * frame("flood", 9).size(); }))
      << stage_->whole_log();
  speaker_->send(second);
  EXPECT_TRUE(stage_->until([&] { return heard().ends_with(second); }));
}

/// The message is never in memory as a whole: it is generated as it is read.
TEST_P(Flow, AGiantMessageIsMadeAsItIsTaken) {
  open("inject = \"giant_message\"\nsize = \"1GiB\"", "\"message 1\"");
  speaker_->send(frame("m1"));
  ASSERT_TRUE(stage_->until([&] { return heard().size() > 1'000'000; })) << stage_->whole_log();
  hearer_->send_reset();
  EXPECT_TRUE(stage_->until([&] { return speaker_->has_reset(); })) << "the end of its reader ends it";
}

}  // namespace
}  // namespace wsfault::actor
