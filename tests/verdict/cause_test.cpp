// Causes and remedies, and what broke a connection.
#include "verdict/cause.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "verdict/oracle/break.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict {
namespace {

using oracle::Break;
using oracle::Effect;
using oracle::EffectKind;
using oracle::Phase;

std::string broke(Phase phase, Effect effect) {
  Break broke;
  broke.phase = phase;
  broke.effect = std::move(effect);
  return what_broke(broke);
}

// What broke is said as it arrived; whoever is to blame for it is another matter.
TEST(WhatBroke, IsSaidAsItArrived) {
  EXPECT_EQ(broke(Phase::open, EffectKind::fin), "the server ended TCP with FIN without a Close");
  EXPECT_EQ(broke(Phase::open, Effect(EffectKind::reset, 0, "frame")),
            "the server ended TCP with RST inside a frame");
  EXPECT_EQ(broke(Phase::open, EffectKind::silence), "the server fell silent");
  EXPECT_EQ(broke(Phase::before_101, EffectKind::silence), "the server accepted and was silent");
  EXPECT_EQ(broke(Phase::before_101, EffectKind::refused), "the server refused the connection");
  EXPECT_EQ(broke(Phase::before_101, Effect(EffectKind::answer, 403)), "the server answered 403");
  EXPECT_EQ(broke(Phase::open, Effect(EffectKind::close, 1011)), "the server sent Close 1011");
  EXPECT_EQ(broke(Phase::open, EffectKind::close_empty), "the server sent an empty Close");
  EXPECT_EQ(broke(Phase::open, Effect(EffectKind::close, 1005)), "the server sent Close 1005 (an illegal code)");
  EXPECT_EQ(broke(Phase::open, EffectKind::frozen), "its process was frozen");
  EXPECT_EQ(broke(Phase::open, EffectKind::nothing), "");
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
    EXPECT_EQ(cause_of_key(row.key), row.id);
  }
  EXPECT_EQ(cause_of_key("rain"), Cause::none);
}

// Who must change is named: the cause is about the system, and not about what broke its connection.
TEST(Causes, NameTheParty) {
  EXPECT_EQ(sentence_of(Cause::no_handshake_limit, "gateway"), "The gateway does not limit the handshake.");
  EXPECT_EQ(sentence_of(Cause::code_unknown, "server").substr(0, 20), "The server's library");
  EXPECT_EQ(sentence_of(Cause::no_pong), "The party answers no ping, or not with its data, or too late.");
  for (const CauseRow& row : cause_rows()) {
    const std::string sentence = sentence_of(row.id, "system");
    EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
    if (!row.outcomes.empty()) continue;  // those say how an outcome comes about
    const bool named = sentence.find("system") != std::string::npos || sentence.find("client") != std::string::npos ||
                       sentence.find("gateway") != std::string::npos || sentence.find("server") != std::string::npos;
    EXPECT_TRUE(named) << sentence;
  }
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
