// The close codes, checked against the IANA registry and RFC 6455 7.4.
#include "wire/close_code.hpp"

#include <gtest/gtest.h>

#include <climits>

namespace wsfault::wire {
namespace {

struct Row {
  int code;
  const char* name;
  const char* sender;
  bool on_wire;
  CloseClass close_class;
};

// https://www.iana.org/assignments/websocket, "WebSocket Close Code Number Registry"; the class is ours.
constexpr Row registry[] = {
    {0, "Unused", "nobody", false, CloseClass::invalid},
    {999, "Unused", "nobody", false, CloseClass::invalid},
    {1000, "Normal Closure", "either", true, CloseClass::own_choice},
    {1001, "Going Away", "either", true, CloseClass::retryable},
    {1002, "Protocol error", "either", true, CloseClass::final},
    {1003, "Unsupported Data", "either", true, CloseClass::final},
    {1004, "Reserved", "nobody", false, CloseClass::invalid},
    {1005, "No Status Rcvd", "nobody", false, CloseClass::retryable},
    {1006, "Abnormal Closure", "nobody", false, CloseClass::retryable},
    {1007, "Invalid frame payload data", "either", true, CloseClass::final},
    {1008, "Policy Violation", "either", true, CloseClass::system_decides},
    {1009, "Message Too Big", "either", true, CloseClass::final},
    {1010, "Mandatory Ext.", "client", true, CloseClass::final},
    {1011, "Internal Error", "either", true, CloseClass::retryable},
    {1012, "Service Restart", "server", true, CloseClass::retryable},
    {1013, "Try Again Later", "server", true, CloseClass::retryable},
    {1014, "Bad Gateway", "gateway", true, CloseClass::retryable},
    {1015, "TLS handshake", "nobody", false, CloseClass::retryable},
    {1016, "Unassigned", "nobody", false, CloseClass::invalid},
    {2999, "Unassigned", "nobody", false, CloseClass::invalid},
    {3000, "Unauthorized", "application", true, CloseClass::system_decides},
    {3001, "Unassigned", "application", true, CloseClass::system_decides},
    {3002, "Unassigned", "application", true, CloseClass::system_decides},
    {3003, "Forbidden", "application", true, CloseClass::system_decides},
    {3004, "Unassigned", "application", true, CloseClass::system_decides},
    {3007, "Unassigned", "application", true, CloseClass::system_decides},
    {3008, "Timeout", "application", true, CloseClass::system_decides},
    {3009, "Unassigned", "application", true, CloseClass::system_decides},
    {3999, "Unassigned", "application", true, CloseClass::system_decides},
    {4000, "Reserved for Private Use", "application", true, CloseClass::system_decides},
    {4999, "Reserved for Private Use", "application", true, CloseClass::system_decides},
    {5000, "Undefined", "nobody", false, CloseClass::invalid},
    {65535, "Undefined", "nobody", false, CloseClass::invalid},
};

TEST(CloseCode, IsTheRegistry) {
  for (const Row& row : registry) {
    SCOPED_TRACE(row.code);
    const CloseCode& found = close_code(row.code);
    EXPECT_LE(found.first, row.code);
    EXPECT_GE(found.last, row.code);
    EXPECT_EQ(found.name, row.name);
    EXPECT_EQ(found.sender, row.sender);
    EXPECT_EQ(found.on_wire, row.on_wire);
    EXPECT_EQ(may_be_on_wire(row.code), row.on_wire);
    EXPECT_EQ(found.close_class, row.close_class) << to_string(found.close_class);
  }
}

TEST(CloseCode, RowsCoverEveryCodeOnceAndAreComplete) {
  int next = 0;
  for (const CloseCode& row : close_codes()) {
    EXPECT_EQ(row.first, next);
    EXPECT_FALSE(row.name.empty());
    EXPECT_TRUE(row.meaning.ends_with('.')) << row.first;
    EXPECT_TRUE(row.reference.starts_with("RFC 6455 7.4") || row.reference == "IANA registry") << row.first;
    EXPECT_EQ(&close_code(row.first), &row);
    EXPECT_EQ(&close_code(row.last), &row);
    next = row.last + 1;
  }
  EXPECT_EQ(next, 65536);
}

TEST(CloseCode, EachCodeFrom1000To1015HasItsOwnRow) {
  for (int code = 1000; code <= 1015; ++code) {
    EXPECT_EQ(close_code(code).first, code);
    EXPECT_EQ(close_code(code).last, code);
  }
}

// "1005 is a reserved value and MUST NOT be set as a status code in a Close control frame by an endpoint";
// likewise 1006 and 1015.
TEST(CloseCode, ThreeAreForReportingOnly) {
  for (int code = -1; code <= 65536; ++code) {
    EXPECT_EQ(is_reserved_for_reporting(code), code == 1005 || code == 1006 || code == 1015) << code;
  }
}

TEST(CloseCode, OutsideOfSixteenBitsTheNearestInvalidRowAnswers) {
  for (const int code : {-1, INT_MIN}) EXPECT_EQ(close_code(code).first, 0);
  for (const int code : {65536, INT_MAX}) EXPECT_EQ(close_code(code).last, 65535);
  EXPECT_FALSE(may_be_on_wire(-1));
  EXPECT_FALSE(may_be_on_wire(65536));
}

TEST(CloseCode, ClassesHaveNames) {
  EXPECT_EQ(to_string(CloseClass::retryable), "retryable");
  EXPECT_EQ(to_string(CloseClass::own_choice), "own choice");
  EXPECT_EQ(to_string(CloseClass::final), "final");
  EXPECT_EQ(to_string(CloseClass::system_decides), "system decides");
  EXPECT_EQ(to_string(CloseClass::invalid), "invalid");
}

}  // namespace
}  // namespace wsfault::wire
