// What the proxy remembers of what happened: in order, and no more than it has room for.
#include "proxy/journal.hpp"

#include <gtest/gtest.h>

#include <string>

#include "net/asio.hpp"

namespace wsfault::proxy {
namespace {

class JournalTest : public testing::Test {
 protected:
  void add(record::What what) { journal.add("p", {0, {"link", "sut", 1}, std::move(what)}); }
  std::size_t kept() const {
    std::size_t count = 0;
    for (const Journal::Entry* each = journal.next(0); each; each = journal.next(each->cursor)) ++count;
    return count;
  }

  net::asio::io_context context;
  Journal journal{context.get_executor(), 1024 * 1024};
};

TEST_F(JournalTest, TellsWhatHappenedInOrder) {
  add(record::Opened{});
  add(record::ConnectionOver{});
  const Journal::Entry* first = journal.next(0);
  ASSERT_TRUE(first && journal.next(first->cursor));
  EXPECT_TRUE(std::holds_alternative<record::Opened>(first->event.what));
  EXPECT_EQ(journal.next(first->cursor)->cursor, 2);
  EXPECT_EQ(journal.next(2), nullptr);
}

// RFC 9112 2.2 limits no head: whoever sends long ones must not fill the memory.
TEST_F(JournalTest, LongHeadsPushOutWhatIsOld) {
  const std::string cookie(100'000, 'x');
  for (int i = 0; i < 1'000; ++i)
    add(record::RequestSeen{
        record::Tap::sent, {"GET", "/", 11, wire::Headers{{"Cookie", cookie}}}, true, {}});
  EXPECT_EQ(kept(), 10u);
  EXPECT_EQ(journal.lost_after(0), 990u);
  EXPECT_EQ(journal.next(0)->cursor, 991u);
}

TEST_F(JournalTest, OneThatIsLargerThanAllItsRoomIsKeptAlone) {
  add(record::Opened{});
  add(record::MessageSeen{.payload = std::string(2 * 1024 * 1024, 'x')});
  EXPECT_EQ(kept(), 1u);
}

}  // namespace
}  // namespace wsfault::proxy
