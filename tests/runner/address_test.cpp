// Addresses on the command line.
#include "runner/address.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

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
