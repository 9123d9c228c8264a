// Messages assembled from frames, however their bytes are sliced.
#include "reference/inbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using enum Incoming::Kind;

TEST(Inbox, JoinsFragmentsAndLetsControlFramesBetween) {
  Inbox inbox(wire::Side::server);
  const auto found = inbox.take("\x01\x02he\x89\x01!\x80\x03llo"s);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, ping);
  EXPECT_EQ(found[0].payload, "!");
  EXPECT_EQ(found[1].kind, text);
  EXPECT_EQ(found[1].payload, "hello");
}

// RFC 6455 5.7: a single-frame masked text message.
TEST(Inbox, UnmasksWhateverTheSlices) {
  const std::string bytes = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Inbox inbox(wire::Side::client);
    auto found = inbox.take(std::string_view(bytes).substr(0, cut));
    for (auto& incoming : inbox.take(std::string_view(bytes).substr(cut))) found.push_back(incoming);
    ASSERT_EQ(found.size(), 1u) << cut;
    EXPECT_EQ(found[0].payload, "Hello") << cut;
  }
}

// The defect takes-reads-for-frames.
TEST(Inbox, ForgetsAFrameThatIsCutOffWhereItToleratesThat) {
  Inbox inbox(wire::Side::server, {.cut_frames = true});
  EXPECT_EQ(inbox.take("\x81\x01x\x81\x02y"s).size(), 1u);
  const auto found = inbox.take("\x81\x01z"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].payload, "z");
}

TEST(Inbox, ReadsACloseAndNothingAfterIt) {
  Inbox inbox(wire::Side::server);
  const auto found = inbox.take("\x88\x05\x03\xf6why\x81\x01x"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, close);
  EXPECT_EQ(found[0].close_code, 1014);
  EXPECT_EQ(found[0].payload, "why");
  EXPECT_TRUE(inbox.take("\x81\x01x"s).empty());
}

TEST(Inbox, NamesTheViolationAndStops) {
  Inbox inbox(wire::Side::server);
  const auto found = inbox.take("\x83\x01x\x81\x01y"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, violation);
  EXPECT_EQ(found[0].violation, wire::Violation::reserved_opcode);
}

TEST(Inbox, RefusesWhatIsTooLargeByItsHeader) {
  Inbox inbox(wire::Side::server);
  const auto found = inbox.take("\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x01"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, too_big);
}

TEST(Inbox, RefusesFragmentsThatGrowTooLarge) {
  Inbox inbox(wire::Side::server);
  EXPECT_TRUE(
      inbox.take("\x02\x7f\x00\x00\x00\x00\x01\x00\x00\x00"s + std::string(largest_message, 'x')).empty());
  const auto found = inbox.take("\x80\x01"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, too_big);
}

TEST(InboxTolerance, BadFramesAreDelivered) {
  Inbox inbox(wire::Side::server, {.bad_frames = true, .illegal_close_codes = false});
  const auto found = inbox.take("\x83\x01x\x81\x02\xc3\x28\x88\x02\x03\xee"s);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].payload, "x");
  EXPECT_EQ(found[1].payload, "\xc3\x28");
  EXPECT_EQ(found[2].violation, wire::Violation::close_code_reserved);
}

TEST(InboxTolerance, IllegalCloseCodesAreTakenAsTheyCome) {
  Inbox inbox(wire::Side::server, {.bad_frames = false, .illegal_close_codes = true});
  const auto found = inbox.take("\x88\x02\x03\xee"s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, close);
  EXPECT_EQ(found[0].close_code, 1006);
}

}  // namespace
}  // namespace wsfault::reference
