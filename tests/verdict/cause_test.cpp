// Causes and remedies: what the log shows picks the row.
#include "verdict/cause.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "verdict/oracle/break.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict {
namespace {

using oracle::Break;
using oracle::Effect;
using oracle::EffectKind;
using oracle::Phase;
using std::chrono::milliseconds;

Cause cause(Phase phase, Effect effect, Duration quiet = milliseconds(10)) {
  Break broke;
  broke.phase = phase;
  broke.effect = std::move(effect);
  return cause_of(broke, quiet);
}

TEST(Causes, OfAnEndWithoutClose) {
  EXPECT_EQ(cause(Phase::open, EffectKind::fin), Cause::server_ended);
  EXPECT_EQ(cause(Phase::open, EffectKind::reset), Cause::server_ended);
  EXPECT_EQ(cause(Phase::open, EffectKind::reset, milliseconds(1200)), Cause::flow_forgotten)
      << "after a silence it was a middlebox";
  EXPECT_EQ(cause(Phase::open, Effect(EffectKind::reset, 0, "frame"), milliseconds(1200)),
            Cause::server_ended)
      << "a middlebox does not cut a frame in two";
}

TEST(Causes, OfASilence) {
  EXPECT_EQ(cause(Phase::open, EffectKind::silence), Cause::host_vanished);
  EXPECT_EQ(cause(Phase::open, EffectKind::silence, milliseconds(1200)), Cause::flow_forgotten);
  EXPECT_EQ(cause(Phase::before_101, EffectKind::silence), Cause::upstream_hangs);
}

TEST(Causes, OfABrokenHandshake) {
  EXPECT_EQ(cause(Phase::before_101, EffectKind::refused), Cause::upstream_down);
  EXPECT_EQ(cause(Phase::before_101, Effect(EffectKind::answer, 200)), Cause::upgrade_misrouted);
  EXPECT_EQ(cause(Phase::before_101, Effect(EffectKind::answer, 403)), Cause::access_denied);
  EXPECT_EQ(cause(Phase::before_101, Effect(EffectKind::answer, 503)), Cause::overloaded);
  EXPECT_EQ(cause(Phase::before_101, EffectKind::invalid_101), Cause::answer_invalid);
  EXPECT_EQ(cause(Phase::before_101, EffectKind::garbage), Cause::answer_invalid);
  EXPECT_EQ(cause(Phase::before_101, Effect(EffectKind::fin, 0, "head")), Cause::answer_invalid);
}

TEST(Causes, OfACloseFrame) {
  EXPECT_EQ(cause(Phase::open, Effect(EffectKind::close, 1011)), Cause::closed_by_peer);
  EXPECT_EQ(cause(Phase::open, Effect(EffectKind::close, 1014)), Cause::bad_gateway_told);
  EXPECT_EQ(cause(Phase::open, Effect(EffectKind::close, 1006)), Cause::peer_broke_protocol);
  EXPECT_EQ(cause(Phase::open, EffectKind::close_empty), Cause::closed_without_code);
}

TEST(Causes, EveryRowIsWhole) {
  for (const CauseRow& row : cause_rows()) {
    EXPECT_FALSE(row.shown.empty()) << row.cause;
    EXPECT_TRUE(row.cause.ends_with('.')) << row.cause;
    EXPECT_TRUE(row.remedy.ends_with('.')) << row.remedy;
    EXPECT_EQ(&describe(row.id), &row);
  }
}

TEST(Causes, EveryRowHasAKeyAndASentenceOfItsOwn) {
  std::set<std::string_view> keys;
  std::set<std::string_view> sentences;
  for (const CauseRow& row : cause_rows()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key;
    EXPECT_TRUE(sentences.insert(row.cause).second) << row.cause;
    EXPECT_EQ(find_cause(row.cause), &row);
  }
  EXPECT_EQ(find_cause("It rained."), nullptr);
}

TEST(Causes, EveryCodeHasOne) {
  for (const wire::CloseCode& row : wire::close_codes()) {
    const auto causes = causes_of_code(row.first);
    ASSERT_FALSE(causes.empty()) << row.first;
    for (const Cause each : causes) EXPECT_NE(each, Cause::none);
  }
  EXPECT_GE(causes_of_code(1006).size(), 5u);
  for (const int status : {200, 302, 401, 404, 426, 429, 500, 502, 503, 504}) {
    EXPECT_FALSE(causes_of_status(status).empty()) << status;
  }
}

}  // namespace
}  // namespace wsfault::verdict
