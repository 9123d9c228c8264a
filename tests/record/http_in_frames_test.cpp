#include "record/http_in_frames.hpp"

#include <gtest/gtest.h>

namespace wsfault::record {
namespace {

/// "HTTP/1.1 502 Bad Gateway\r\n…" as a reader of frames takes it (RFC 6455 5.2).
FrameSeen page(std::string text) {
  FrameSeen frame{.fin = false, .rsv = 4, .opcode = 8};
  frame.length = 'T';
  frame.code = 'T' << 8 | 'P';
  frame.text = std::move(text);
  return frame;
}

TEST(HttpInFrames, IsKnownByItsFirstBytes) {
  EXPECT_EQ(status_line_in(page("/1.1 502 Bad Gateway\r\nServer: x")), "HTTP/1.1 502 Bad Gateway");
  EXPECT_EQ(status_line_in(page("/1.0 400 Bad request\nServer: x")), "HTTP/1.0 400 Bad request");
  EXPECT_EQ(status_line_in(page("/2 502")), std::nullopt);
  EXPECT_EQ(status_line_in(page("")), std::nullopt);
}

TEST(HttpInFrames, IsNoCloseThatOnlyLooksAlike) {
  FrameSeen close = page("/1.1 502");
  close.fin = true;
  EXPECT_EQ(status_line_in(close), std::nullopt);
  close = page("/1.1 502");
  close.masked = true;
  EXPECT_EQ(status_line_in(close), std::nullopt);
  close = page("/1.1 502");
  close.code = 1000;
  EXPECT_EQ(status_line_in(close), std::nullopt);
  close.code.reset();
  EXPECT_EQ(status_line_in(close), std::nullopt);
}

}  // namespace
}  // namespace wsfault::record
