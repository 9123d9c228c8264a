// The classes of verdicts.md, "Afterwards": after which outcomes a client may reconnect.
#include "reference/afterwards.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace wsfault::reference {
namespace {

FinalOutcomes final_outcomes(std::string_view text) { return *FinalOutcomes::parse(text); }

AttemptEnd close_of(int code) {
  AttemptEnd end;
  end.close_code = code;
  return end;
}

AttemptEnd status_of(int status) {
  AttemptEnd end;
  end.status = status;
  return end;
}

TEST(Afterwards, ComesBackAfterRetryableCodes) {
  for (const int code : {1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015}) {
    EXPECT_EQ(afterwards(close_of(code), {}), Afterwards::come_back) << code;
  }
}

TEST(Afterwards, StaysAwayAfterFinalCodesAndAfterNormalClosure) {
  for (const int code : {1000, 1002, 1003, 1007, 1009, 1010}) {
    EXPECT_EQ(afterwards(close_of(code), {}), Afterwards::stay_away) << code;
  }
}

TEST(Afterwards, TheTraitDecidesAboutTheRest) {
  const auto final = final_outcomes("1008,4400-4499,401,403");
  for (const int code : {1008, 4400, 4401, 4499}) {
    EXPECT_EQ(afterwards(close_of(code), final), Afterwards::stay_away) << code;
    EXPECT_EQ(afterwards(close_of(code), {}), Afterwards::come_back) << code;
  }
  for (const int code : {3000, 4000, 4399, 4500, 4999}) {
    EXPECT_EQ(afterwards(close_of(code), final), Afterwards::come_back) << code;
  }
  for (const int status : {401, 403}) {
    EXPECT_EQ(afterwards(status_of(status), final), Afterwards::stay_away) << status;
    EXPECT_EQ(afterwards(status_of(status), {}), Afterwards::come_back) << status;
  }
}

TEST(Afterwards, StatusesHaveTheirClassesToo) {
  for (const int status : {200, 408, 425, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(afterwards(status_of(status), {}), Afterwards::come_back) << status;
  }
  for (const int status : {301, 302, 307, 308, 400, 404, 405, 426}) {
    EXPECT_EQ(afterwards(status_of(status), {}), Afterwards::stay_away) << status;
  }
}

TEST(Afterwards, ComesBackWhenThereWasNoAnswerAtAll) {
  EXPECT_EQ(afterwards(AttemptEnd{}, {}), Afterwards::come_back);
}

TEST(AfterwardsDefect, EachDecidesWrongly) {
  EXPECT_EQ(afterwards(close_of(1006), {}, Defects(Defect::no_reconnect)), Afterwards::stay_away);
  EXPECT_EQ(afterwards(close_of(1014), {}, Defects(Defect::gives_up_after_1014)), Afterwards::stay_away);
  EXPECT_EQ(afterwards(close_of(1013), {}, Defects(Defect::gives_up_after_1014)), Afterwards::come_back);
  EXPECT_EQ(afterwards(close_of(1002), {}, Defects(Defect::reconnects_after_final)), Afterwards::come_back);
  EXPECT_EQ(afterwards(status_of(404), {}, Defects(Defect::reconnects_after_final)), Afterwards::come_back);
}

TEST(FinalOutcomes, ReadsCodesRangesAndNone) {
  EXPECT_TRUE(final_outcomes("4400-4499").contains(4450));
  EXPECT_FALSE(final_outcomes("4400-4499").contains(4500));
  EXPECT_FALSE(final_outcomes("none").contains(1008));
  EXPECT_FALSE(final_outcomes("").contains(1008));
}

TEST(FinalOutcomes, RefusesWhatIsNeither) {
  for (const std::string_view text : {"x", "1008,", "4499-4400", "1-2-3", "-5", "1008 ,1009", ",1008"}) {
    EXPECT_FALSE(FinalOutcomes::parse(text)) << text;
  }
  EXPECT_EQ(FinalOutcomes::parse("1008,abc").error(),
            R"("abc" is neither a code or status (1008) nor a range of them (4400-4499))");
}

}  // namespace
}  // namespace wsfault::reference
