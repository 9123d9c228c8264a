// ws:// URLs split into parts, and the sentence for each invalid one.
#include "value/url.hpp"

#include <gtest/gtest.h>

namespace wsfault {
namespace {

struct Right {
  const char* url;
  std::string host;
  std::uint16_t port;
  std::string path;
};

TEST(ParseUrl, TakesAUrlApart) {
  const Right rows[] = {
      {"ws://example.test", "example.test", 80, "/"},
      {"ws://example.test/", "example.test", 80, "/"},
      {"ws://127.0.0.1:8080/chat?room=1&x=a%20b", "127.0.0.1", 8080, "/chat?room=1&x=a%20b"},
      {"ws://[::1]:9000/x", "::1", 9000, "/x"},
      {"ws://localhost:65535", "localhost", 65535, "/"},
      // As typed: no slash is added, nothing is decoded or normalised.
      {"ws://h/chat", "h", 80, "/chat"},
      {"ws://h/chat/", "h", 80, "/chat/"},
      {"ws://h/a/../b//c%2f%7e?x=%41&y=/?", "h", 80, "/a/../b//c%2f%7e?x=%41&y=/?"},
      {"ws://h?", "h", 80, "/?"},
      {"ws://h:/a", "h", 80, "/a"},
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
    const auto read = parse_url(row.url);
    if (!read) {
      ADD_FAILURE() << read.error();
      continue;
    }
    EXPECT_EQ(read->host, row.host);
    EXPECT_EQ(read->port, row.port);
    EXPECT_EQ(read->path, row.path);
  }
}

TEST(ParseUrl, SaysWhatIsWrong) {
  const auto error = [](const char* url) {
    const auto read = parse_url(url);
    return read ? "none" : read.error();
  };
  EXPECT_EQ(error("http://h/"), "\"http://h/\" is not a WebSocket URL: it must begin with ws:// or wss://");
  EXPECT_EQ(error("ws://h/a#b"),
            "\"ws://h/a#b\" has a fragment, which no WebSocket URL has (RFC 6455 3): %23 is a #");
  EXPECT_EQ(error("ws://h#"),
            "\"ws://h#\" has a fragment, which no WebSocket URL has (RFC 6455 3): %23 is a #");
  EXPECT_EQ(
      error("ws://user:pass@h:1/"),
      "\"ws://…@h:1\" has a user name in it, which no WebSocket URL has (RFC 6455 3): a header can send it, "
      "'Authorization: Basic …'");
  EXPECT_EQ(error("ws:///path"), "\"ws:///path\" has no host");
  EXPECT_EQ(error("ws://h:0/"), "\"ws://h:0/\": the port must be 1 to 65535");
  EXPECT_EQ(error("ws://h:99999/"), "\"ws://h:99999/\": the port must be 1 to 65535");
  EXPECT_EQ(error("ws://h:65536/"), "\"ws://h:65536/\": the port must be 1 to 65535");
  for (const char* url : {"", "h:80", "ws://h/a b", "ws://[::1", "//h/a"}) {
    EXPECT_NE(error(url), "none") << url;
  }
}

TEST(RequestPath, IsOneThatARequestLineCanHold) {
  for (const char* right : {"/", "/chat", "/chat?x=1&y=/?", "/a%20b", "//"})
    EXPECT_EQ(wrong_request_path(right), "") << right;
  EXPECT_EQ(wrong_request_path(""), "must begin with \"/\"");
  EXPECT_EQ(wrong_request_path("chat"), "must begin with \"/\"");
  EXPECT_EQ(wrong_request_path("/a b"), "has a space at character 3: %20 is one");
  EXPECT_EQ(wrong_request_path("/a#b"), "has a fragment at character 3: %23 is a #");
  EXPECT_EQ(wrong_request_path("/a\r\nX: y"), "has a byte at 3 that must be percent-encoded: %0D");
  EXPECT_EQ(wrong_request_path("/\xc3\xa9"), "has a byte at 2 that must be percent-encoded: %C3");
}

}  // namespace
}  // namespace wsfault
