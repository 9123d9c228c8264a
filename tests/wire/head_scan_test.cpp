// A head that comes in pieces: the same end and the same doubts as where it comes at once.
#include "wire/head_scan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "wire/handshake.hpp"
#include "wire/head_lapses.hpp"

namespace wsfault::wire {
namespace {

// It is given each byte once, and has no room for what it was given: so it cannot look at a byte twice.
static_assert(std::is_trivially_copyable_v<HeadScan> && sizeof(HeadScan) <= 2 * sizeof(std::size_t));

constexpr const char* heads[] = {
    "GET /chat HTTP/1.1\r\nHost: a\r\n\r\nframes",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x01x",
    "HTTP/1.1 103 x\r\n\r\nHTTP/1.1 101 y\r\n\r\n",
    "GET / HTTP/1.1\r\nX: a\r\r\n\r\r\n\r\n",
    "GET / HTTP/1.1\nHost: a\n\n",
    "GET / HTTP/1.1\nHost: a\n\nX: b\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\na body\n\n",
    "GET  / HTTP/1.1\r\n\r\n",
    " GET / HTTP/1.1\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "\r\n\r\n",
    "\r\n\r",
    "",
};

/// After each byte what all that has come would say.
TEST(HeadScan, SaysOfPiecesWhatTheWholeSays) {
  for (const std::string_view bytes : heads) {
    for (const Side from : {Side::client, Side::server}) {
      SCOPED_TRACE(std::string(bytes) + " from " + std::string(to_string(from)));
      HeadScan scan(from);
      const std::size_t end = head_size(bytes).value_or(bytes.size());
      for (std::size_t size = 1; size <= end; ++size) {
        EXPECT_EQ(scan.take(bytes.substr(size - 1, 1)), 1U);
        const std::string_view so_far = bytes.substr(0, size);
        EXPECT_EQ(scan.is_whole(), head_size(so_far) == size);
        EXPECT_EQ(scan.may_be_http(),
                  from == Side::client ? may_be_request(so_far) : may_be_response(so_far));
        EXPECT_EQ(scan.has_lf_line(), ends_lines_in_lf(so_far));
      }
    }
  }
}

TEST(HeadScan, TakesWhatBelongsToTheHead) {
  for (const std::string_view bytes : heads) {
    const auto end = head_size(bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      HeadScan scan(Side::client);
      const std::size_t first = scan.take(bytes.substr(0, cut));
      const std::size_t rest = scan.is_whole() ? 0 : scan.take(bytes.substr(cut));
      EXPECT_EQ(scan.is_whole(), end.has_value());
      EXPECT_EQ(first + rest, end.value_or(bytes.size()));
    }
  }
}

TEST(HeadScan, ALongLineIsStillOne) {
  HeadScan scan(Side::client);
  scan.take("GET /");
  for (int i = 0; i < 100'000; ++i) EXPECT_EQ(scan.take("x"), 1U);
  EXPECT_TRUE(scan.may_be_http());
  EXPECT_EQ(scan.take(" HTTP/1.1\r\n\r\nrest"), 13U);
  EXPECT_TRUE(scan.is_whole());
}

}  // namespace
}  // namespace wsfault::wire
