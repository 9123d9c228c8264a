// From a recorded session to points: what its parts are, which points are planned, how one is written.
#include "sweep/points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "recorded.hpp"

namespace wsfault::sweep {
namespace {

using fault::Direction;
using test::answer_size;
using test::Recorded;
using test::request_size;
using testing::ElementsAre;
using testing::IsSupersetOf;

std::vector<std::uint64_t> numbers(const Lane& lane) {
  std::vector<std::uint64_t> all;
  for (const Point& point : lane.points) all.push_back(point.moment.number);
  return all;
}

std::vector<std::string> names(const Lane& lane) {
  std::vector<std::string> all;
  for (const Point& point : lane.points) all.push_back(to_string(point));
  return all;
}

/// RFC 6455 5.2: 2 bytes, 2 more for a length from 126, 8 more from 65,536, 4 for the mask of a client.
TEST(SweepSession, CountsTheBytesOfHeadsAndFrames) {
  const struct {
    Side from;
    std::uint64_t length;
    std::uint64_t bytes;
  } rows[] = {{Side::server, 0, 2},         {Side::server, 125, 127},     {Side::server, 126, 130},
              {Side::server, 65535, 65539}, {Side::server, 65536, 65546}, {Side::client, 125, 131},
              {Side::client, 126, 134}};
  for (const auto& row : rows) {
    const Session session = Recorded().frame(row.from, 2, row.length).session();
    const std::uint64_t head = row.from == Side::client ? request_size : answer_size;
    EXPECT_EQ(session.from(row.from).bytes(), head + row.bytes) << row.length;
    EXPECT_EQ(session.from(wire::opposite(row.from)).parts.size(), 1U);
  }
}

TEST(SweepSession, IsThatOfOneConnection) {
  Recorded recorded;
  recorded.add(record::RequestSeen{record::Tap::sent, {"GET", "/", 11, {}}, true, {}}, 2);
  EXPECT_EQ(recorded.session().from_client.bytes(), request_size);
}

/// Each client has its own count.
TEST(SweepSession, IsThatOfOneParty) {
  record::Events events;
  for (const char* party : {"citizen", "rude", "citizen"})
    events.push_back(
        {0, {"link", party, 1}, record::RequestSeen{record::Tap::sent, {"GET", "/", 11, {}}, true, {}}});
  EXPECT_EQ(read_session(events, "link", 1).from_client.bytes(), 2 * request_size);
  EXPECT_EQ(read_session(events, "link", 1, "rude").from_client.bytes(), request_size);
}

TEST(SweepSession, NamesThePlaceOfAByte) {
  const Session session = Recorded().frame(Side::server, 1, 200).frame(Side::server, 9, 0).session();
  const struct {
    std::uint64_t bytes;
    const char* place;
  } rows[] = {{0, ""},
              {1, "in the head of the 101"},
              {answer_size, "after the head of the 101"},
              {answer_size + 3, "in the header of frame 1 (text, 200 bytes)"},
              {answer_size + 4, "after the header of frame 1 (text, 200 bytes)"},
              {answer_size + 5, "in the payload of frame 1 (text, 200 bytes)"},
              {answer_size + 204, "after frame 1 (text, 200 bytes)"},
              {answer_size + 206, "after frame 2 (ping, 0 bytes)"},
              {answer_size + 207, ""}};
  for (const auto& row : rows) EXPECT_EQ(place_of(session.from_server, row.bytes), row.place) << row.bytes;
}

TEST(SweepPoints, AreAllBytesOfBothDirectionsWhereTheyAreFew) {
  const auto lanes =
      plan_points(Recorded().frame(Side::server, 1, 3).session(), Over::bytes, Direction::both, 100);
  ASSERT_EQ(lanes.size(), 2U);
  EXPECT_EQ(lanes[0].from, Side::server);
  EXPECT_EQ(lanes[0].size, answer_size + 5);
  EXPECT_EQ(lanes[0].points.size(), lanes[0].size);
  EXPECT_EQ(to_string(lanes[0].points.front()), "byte 1 to client");
  EXPECT_EQ(to_string(lanes[0].points.back()), "byte 24 to client");
  EXPECT_EQ(lanes[1].points.size(), request_size);
  EXPECT_EQ(to_string(lanes[1].points.back()), "byte 18 to server");
}

TEST(SweepPoints, GoInOneDirectionWhereItIsAskedFor) {
  const Session session = Recorded().session();
  const auto to_client = plan_points(session, Over::bytes, Direction::to_client, 100);
  ASSERT_EQ(to_client.size(), 1U);
  EXPECT_EQ(to_client[0].from, Side::server);
  const auto to_server = plan_points(session, Over::bytes, Direction::to_server, 100);
  ASSERT_EQ(to_server.size(), 1U);
  EXPECT_EQ(to_server[0].from, Side::client);
}

/// The first, the last and all ends of heads, headers and frames; the rest is spread evenly.
TEST(SweepPoints, OfALongSessionAreSpread) {
  const Session session = Recorded().frame(Side::server, 2, 5000).frame(Side::server, 2, 5000).session();
  const auto lanes = plan_points(session, Over::bytes, Direction::to_client, 50);
  ASSERT_EQ(lanes.size(), 1U);
  const auto all = numbers(lanes[0]);
  EXPECT_LE(all.size(), 50U);
  EXPECT_GE(all.size(), 45U);
  EXPECT_THAT(all, IsSupersetOf<std::uint64_t>({1, answer_size, answer_size + 4, answer_size + 5004,
                                                answer_size + 5008, answer_size + 10008}));
  EXPECT_TRUE(std::ranges::is_sorted(all));
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LE(all[i] - all[i - 1], 300U);
}

TEST(SweepPoints, AreOnlyTheEndsWhereThoseAreMoreThanAskedFor) {
  const Session session = Recorded().frame(Side::server, 2, 500).session();
  const auto lanes = plan_points(session, Over::bytes, Direction::to_client, 1);
  ASSERT_EQ(lanes.size(), 1U);
  EXPECT_THAT(numbers(lanes[0]), ElementsAre(1, answer_size - 1, answer_size, answer_size + 3,
                                             answer_size + 4, answer_size + 503, answer_size + 504));
}

TEST(SweepPoints, OverFramesAndMessages) {
  Recorded recorded;
  recorded.frame(Side::server, 1, 3)
      .frame(Side::server, 0, 3)
      .frame(Side::server, 9, 0)
      .frame(Side::client, 10, 0);
  const auto frames = plan_points(recorded.session(), Over::frames, Direction::both, 100);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_THAT(names(frames[0]), ElementsAre("frame 1 to client", "frame 2 to client", "frame 3 to client"));
  EXPECT_THAT(names(frames[1]), ElementsAre("frame 1 to server"));
  const auto messages = plan_points(recorded.session(), Over::messages, Direction::both, 100);
  ASSERT_EQ(messages.size(), 1U) << "the client sends none";
  EXPECT_THAT(names(messages[0]), ElementsAre("message 1 to client"));
}

TEST(SweepPoints, OverTheMomentsThatCame) {
  Recorded recorded;
  recorded.frame(Side::server, 1, 3).frame(Side::client, 8, 2);
  const auto both = plan_points(recorded.session(), Over::moments, Direction::both, 100);
  ASSERT_EQ(both.size(), 1U);
  EXPECT_THAT(names(both[0]),
              ElementsAre("connect", "upgrade", "open", "message 1 to client", "close to server"));
  const auto to_client = plan_points(recorded.session(), Over::moments, Direction::to_client, 2);
  EXPECT_THAT(names(to_client[0]), ElementsAre("connect", "message 1 to client"));
}

TEST(SweepPoints, OfAnEmptySessionAreNone) {
  EXPECT_TRUE(plan_points(Session(), Over::bytes, Direction::both, 100).empty());
  EXPECT_TRUE(plan_points(Session(), Over::moments, Direction::both, 100).empty());
}

TEST(SweepPoint, IsReadAsItIsWritten) {
  for (const char* text :
       {"byte 131 to client", "frame 2 to server", "open", "message 3 done to client", "idle 30s"}) {
    const auto point = parse_point(text);
    ASSERT_TRUE(point) << point.error();
    EXPECT_EQ(to_string(*point), text);
  }
  EXPECT_EQ(to_string(*parse_point(" byte 7 to-server ")), "byte 7 to server");
  EXPECT_FALSE(parse_point("byte 0 to client"));
  EXPECT_FALSE(parse_point("byte 7 to nobody"));
}

}  // namespace
}  // namespace wsfault::sweep
