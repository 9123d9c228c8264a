// Report lines, compared whole.
#include "reference/report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "reference/client.hpp"
#include "reference/defect.hpp"

namespace wsfault::reference {
namespace {

using std::chrono::milliseconds;

TEST(Report, EachEventHasItsLine) {
  EXPECT_EQ(open_line(), R"({"event":"open"})");
  EXPECT_EQ(message_line("hello", true), R"({"event":"message","text":"hello"})");
  EXPECT_EQ(message_line(std::string("\x00\xff", 2), false), R"({"event":"message","hex":"00ff"})");
  EXPECT_EQ(error_line("connection refused", std::nullopt),
            R"({"event":"error","message":"connection refused"})");
  EXPECT_EQ(error_line("unexpected status 503", 503),
            R"({"event":"error","message":"unexpected status 503","status":503})");
  EXPECT_EQ(close_line({1011, "out of memory", true}),
            R"({"event":"close","code":1011,"reason":"out of memory","clean":true})");
  EXPECT_EQ(close_line({}), R"({"event":"close","code":1006,"reason":"","clean":false})");
  EXPECT_EQ(reconnecting_line(milliseconds(120), 3),
            R"({"event":"reconnecting","delay_ms":120,"attempt":3})");
}

TEST(Report, TextIsEscapedAndStaysOnOneLine) {
  EXPECT_EQ(message_line("a \"quote\" \\ \n\t\x01 é", true),
            R"({"event":"message","text":"a \"quote\" \\ \n\t\u0001 é"})");
}

TEST(Report, TextThatIsNoUtf8IsShownInHex) {
  EXPECT_EQ(message_line("a\xc3\x28", true), R"({"event":"message","hex":"61c328"})");
}

TEST(Report, DelaysAreRoundedToMilliseconds) {
  EXPECT_EQ(reconnecting_line(std::chrono::microseconds(1600), 1),
            R"({"event":"reconnecting","delay_ms":2,"attempt":1})");
}

Ending received(std::optional<std::uint16_t> code, std::string reason = {}) {
  Ending ending;
  ending.cause = EndCause::close_received;
  ending.close_code = code;
  ending.reason = std::move(reason);
  return ending;
}

Ending ended(EndCause cause) {
  Ending ending;
  ending.cause = cause;
  return ending;
}

// RFC 6455 7.1.5: the code received; 1005 if the Close had none; 1006 if there was no Close.
TEST(CloseReport, FollowsTheRfc) {
  EXPECT_EQ(close_report(received(4001, "why")), (CloseReport{4001, "why", true}));
  EXPECT_EQ(close_report(received(std::nullopt)), (CloseReport{1005, "", true}));
  for (const EndCause cause : {EndCause::stream_ended, EndCause::violation, EndCause::too_big,
                               EndCause::heartbeat_lost, EndCause::stopped}) {
    EXPECT_EQ(close_report(ended(cause)), (CloseReport{1006, "", false}));
  }
}

TEST(CloseReportDefect, EachReportsWrongly) {
  EXPECT_EQ(close_report(received(1011), Defects(Defect::reports_1000_for_every_close)),
            (CloseReport{1000, "", true}));
  EXPECT_EQ(close_report(ended(EndCause::stream_ended), Defects(Defect::wrong_code)),
            (CloseReport{1000, "", true}));
  EXPECT_EQ(close_report(ended(EndCause::heartbeat_lost), Defects(Defect::invents_1014)),
            (CloseReport{1014, "", false}));
}

TEST(DefectTable, NamesAreUniqueAndFoundBySeat) {
  for (const DefectInfo& info : defects()) {
    EXPECT_EQ(find_defect(info.seat, info.name), info.defect) << info.name;
    EXPECT_FALSE(info.sentence.empty()) << info.name;
    EXPECT_EQ(info.seat == Seat::gateway, info.kinds.http || info.kinds.websocket) << info.name;
  }
  EXPECT_EQ(find_defect(Seat::server, "no-jitter"), std::nullopt);
  EXPECT_EQ(find_defect(Seat::client, "no-such"), std::nullopt);
}

}  // namespace
}  // namespace wsfault::reference
