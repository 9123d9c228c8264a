// ws:// URLs taken apart, and the sentence on each that is none.
#include "runner/target.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

struct Right {
  const char* url;
  std::string host;
  std::uint16_t port;
  std::string path;
};

TEST(ParseTarget, TakesAUrlApart) {
  const Right rows[] = {
      {"ws://example.test", "example.test", 80, "/"},
      {"ws://example.test/", "example.test", 80, "/"},
      {"ws://127.0.0.1:8080/chat?room=1&x=a%20b", "127.0.0.1", 8080, "/chat?room=1&x=a%20b"},
      {"ws://[::1]:9000/x", "::1", 9000, "/x"},
      {"ws://localhost:65535", "localhost", 65535, "/"},
      {"ws://h/a#fragment", "h", 80, "/a"},
      // RFC 6455 3: the resource name is "/" where the path is empty, then "?" and the query.
      {"ws://h?token=1", "h", 80, "/?token=1"},
      {"ws://h:81?token=1", "h", 81, "/?token=1"},
      {"wss://h/a", "h", 443, "/a"},
      {"wss://h:8443/a", "h", 8443, "/a"},
      // RFC 3986 3.1: schemes are compared without case.
      {"WS://h/a", "h", 80, "/a"},
  };
  for (const Right& row : rows) {
    SCOPED_TRACE(row.url);
    const auto target = parse_target(row.url);
    if (!target) {
      ADD_FAILURE() << target.error();
      continue;
    }
    EXPECT_EQ(target->host, row.host);
    EXPECT_EQ(target->port, row.port);
    EXPECT_EQ(target->path, row.path);
  }
}

TEST(ParseTarget, SaysWhatIsWrong) {
  const auto error = [](const char* url) {
    const auto target = parse_target(url);
    return target ? "none" : target.error();
  };
  EXPECT_EQ(error("http://h/"), "\"http://h/\" is not a WebSocket URL: it must begin with ws:// or wss://");
  EXPECT_EQ(error("ws:///path"), "\"ws:///path\" has no host");
  EXPECT_EQ(error("ws://h:0/"), "\"ws://h:0/\": the port must be 1 to 65535");
  EXPECT_EQ(error("ws://h:99999/"), "\"ws://h:99999/\": the port must be 1 to 65535");
  EXPECT_EQ(error("ws://h:65536/"), "\"ws://h:65536/\": the port must be 1 to 65535");
  for (const char* url : {"", "h:80", "ws://h/a b", "ws://[::1", "//h/a"}) {
    EXPECT_NE(error(url), "none") << url;
  }
}

TEST(ParseAddress, IsHostAndPort) {
  EXPECT_EQ(parse_address("0.0.0.0:9000")->text(), "0.0.0.0:9000");
  EXPECT_EQ(parse_address("[::1]:0")->text(), "[::1]:0");
  EXPECT_EQ(parse_address("[::1]:0")->host, "::1");
  for (const char* wrong :
       {"", "9000", "localhost", "localhost:", ":9000", "a:99999", "u@a:1", "a:1/x", "a b:1"})
    EXPECT_FALSE(parse_address(wrong)) << wrong;
}

}  // namespace
}  // namespace wsfault::runner
