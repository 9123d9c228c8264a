// What an event takes in memory: whatever a peer can make long counts.
#include "record/memory.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wsfault::record {
namespace {

std::size_t of(What what) { return memory_of({0, {"link", "sut", 1}, std::move(what)}); }

TEST(Memory, OfWhatHasNoTextIsTheEventAlone) { EXPECT_EQ(of(Opened{}), sizeof(Event)); }

TEST(Memory, CountsWhateverAPeerCanMakeLong) {
  const std::string longs(100'000, 'x');
  const What each[] = {
      RequestSeen{Tap::sent, {"GET", longs, 11, wire::Headers{}}, true, {}},
      RequestSeen{Tap::sent, {"GET", "/", 11, wire::Headers{{"Cookie", longs}}}, true, {}},
      RequestSeen{Tap::sent, {longs, "/", 11, wire::Headers{}}, true, {}},
      ResponseSeen{Tap::arrived, {101, longs, 11, wire::Headers{}}, {}, false},
      ResponseSeen{Tap::arrived, {101, "", 11, wire::Headers{{longs, "x"}}}, {}, false},
      BodySeen{.text = longs},
      FrameSeen{.text = longs},
      MessageSeen{.payload = longs},
      OutputLine{.line = longs},
      Report{.event = "message", .text = longs},
      Report{.event = "close", .reason = longs},
  };
  for (const What& what : each) EXPECT_GT(of(what), longs.size()) << what.index();
}

TEST(Memory, OfManyShortHeadersIsMoreThanTheirBytes) {
  const wire::Headers many(1'000, wire::Header{"a", "b"});
  EXPECT_GT(of(RequestSeen{Tap::sent, {"GET", "/", 11, many}, true, {}}), 1'000 * sizeof(wire::Header));
}

}  // namespace
}  // namespace wsfault::record
