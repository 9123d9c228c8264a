// The oracle is total: every phase × effect × role × kind has a row. Rows of the gateway and server columns,
// as docs/verdicts.md says.
#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

#include "value/enums.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using model::Kind;
using model::Role;

constexpr Column columns[] = {{Role::client, Kind::none},
                              {Role::gateway, Kind::tcp},
                              {Role::gateway, Kind::http},
                              {Role::gateway, Kind::websocket},
                              {Role::server, Kind::none}};

Row row_of(Phase phase, const Effect& effect, Role role, Kind kind = Kind::none) {
  return appropriate({role, kind}, phase, effect);
}

Row at_upstream(const Effect& effect, Kind kind) {
  return appropriate({Role::gateway, kind, true}, Phase::open, effect);
}

bool has(const Reactions& reactions, ReactionKind kind, int value = 0) {
  return std::ranges::any_of(reactions, [&](const Reaction& each) { return each.matches(kind, value); });
}

TEST(Oracle, HasARowForEveryStateEffectRoleAndKind) {
  int rows = 0;
  for (const Phase phase : all_of<Phase>()) {
    for (const EffectKind kind : all_of<EffectKind>()) {
      // The kinds that carry a number are tried with one of each class.
      std::vector<int> values = {0};
      if (kind == EffectKind::answer) values = {200, 301, 401, 404, 429, 503};
      if (kind == EffectKind::close) values = {0, 1000, 1004, 1006, 1008, 1011, 1014, 2999, 3000, 4999, 5000};
      for (const int value : values) {
        for (const Column& column : columns) {
          const Row row = row_of(phase, Effect(kind, value), column.role, column.kind);
          SCOPED_TRACE(std::string(to_string(phase)) + ", " + std::string(to_string(kind)) + " " +
                       std::to_string(value) + ", " + std::string(model::to_string(column.role)));
          EXPECT_FALSE(row.of->broke.empty());
          EXPECT_FALSE(row.fine.empty());
          EXPECT_FALSE(to_string(row.fine).empty());
          for (const Reaction& warned : row.warned) {
            EXPECT_FALSE(has(row.fine, warned.kind, warned.first))
                << "both fine and warned: " << row.of->broke;
          }
          if (!row.limit.traits.empty()) {
            EXPECT_TRUE(row.limit.binds);
          }
          ++rows;
        }
      }
    }
  }
  EXPECT_EQ(rows, 3 * 5 * (18 + 6 + 11));
}

TEST(Oracle, NamesEveryEffectOnce) {
  std::vector<std::string_view> names;
  for (const EffectKind kind : all_of<EffectKind>()) names.push_back(to_string(kind));
  EXPECT_EQ(names.size(), 20u);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(std::ranges::find(names, "unknown"), names.end());
}

TEST(Oracle, SumsTheTraitsOfALimit) {
  model::Traits traits;
  traits.values.emplace("heartbeat", Value("300ms"));
  const auto silence = [&] {
    return appropriate({Role::client}, Phase::open, EffectKind::silence, traits).declared.length;
  };
  EXPECT_EQ(silence(), std::nullopt) << "one of the two is not declared";
  traits.values.emplace("heartbeat_timeout", Value("200ms"));
  EXPECT_EQ(silence(), Duration(std::chrono::milliseconds(500)));
}

TEST(Oracle, LetsAClientFollowRedirectsWhereItsDialectDoes) {
  model::Dialect dialect;
  const auto row = [&](int status) {
    return appropriate({Role::client}, Phase::before_101, Effect(EffectKind::answer, status), {}, dialect);
  };
  EXPECT_FALSE(row(302).allows(ReactionKind::follows));
  dialect.follows_redirects = true;
  EXPECT_TRUE(row(302).allows(ReactionKind::follows));
  EXPECT_FALSE(row(404).allows(ReactionKind::follows));
}

// --- the gateway's columns

TEST(GatewayColumn, AnswersARefusalInItsConnectLimit) {
  const Row http = row_of(Phase::before_101, EffectKind::refused, Role::gateway, Kind::http);
  EXPECT_EQ(to_string(http.fine), "answers 502, 503 or 504");
  EXPECT_EQ(to_string(http.warned), "ends TCP without a Close");
  EXPECT_THAT(http.limit.traits, testing::ElementsAre("connect_limit"));
  EXPECT_EQ(to_string(row_of(Phase::before_101, EffectKind::refused, Role::gateway, Kind::tcp).fine),
            "ends TCP without a Close");
  const Row behind_its_101 = row_of(Phase::open, EffectKind::refused, Role::gateway, Kind::websocket);
  EXPECT_EQ(to_string(behind_its_101.fine), "sends Close 1014");
  EXPECT_EQ(to_string(behind_its_101.warned), "sends Close 1011, 1012 or 1013");
}

TEST(GatewayColumn, NeverChangesTheClassOfAnAnswer) {
  const auto row = [](int status) {
    return row_of(Phase::before_101, Effect(EffectKind::answer, status), Role::gateway, Kind::http);
  };
  for (const int changed : {200, 302, 404, 405, 426, 500})
    EXPECT_TRUE(has(row(changed).warned, ReactionKind::status, 502));
  for (const int kept : {401, 403, 429, 503}) {
    EXPECT_TRUE(has(row(kept).fine, ReactionKind::status, kept));
    EXPECT_FALSE(row(kept).allows(ReactionKind::ends));
    EXPECT_FALSE(has(row(kept).warned, ReactionKind::status, 502)) << kept;
  }
}

TEST(GatewayColumn, SaysBadGatewayWhereItIsAPeer) {
  for (const EffectKind kind : {EffectKind::fin, EffectKind::reset, EffectKind::silence}) {
    const Row row = row_of(Phase::open, kind, Role::gateway, Kind::websocket);
    EXPECT_TRUE(has(row.fine, ReactionKind::close, 1014));
    EXPECT_TRUE(has(row.warned, ReactionKind::close, 1011));
  }
  const Row tunnel = row_of(Phase::open, EffectKind::reset, Role::gateway, Kind::http);
  EXPECT_EQ(to_string(tunnel.fine), "reports 1006");
}

TEST(GatewayColumn, KeepsTheClassOfACode) {
  const Row row = row_of(Phase::open, Effect(EffectKind::close, 1001), Role::gateway, Kind::websocket);
  EXPECT_TRUE(has(row.fine, ReactionKind::close, 1001));
  EXPECT_TRUE(has(row.warned, ReactionKind::close, 1012)) << "retryable like 1001";
  EXPECT_FALSE(has(row.warned, ReactionKind::close, 1002)) << "final";
  const Row private_code =
      row_of(Phase::open, Effect(EffectKind::close, 4401), Role::gateway, Kind::websocket);
  EXPECT_EQ(to_string(private_code.fine), "sends Close 4401");
  EXPECT_TRUE(private_code.warned.empty()) << "each of 3000-4999 is a class of its own";
}

TEST(GatewayColumn, DeniedIsPolicyBehindItsOwn101) {
  EXPECT_EQ(
      to_string(row_of(Phase::open, Effect(EffectKind::answer, 403), Role::gateway, Kind::websocket).fine),
      "sends Close 1008 or 3000-4999");
  EXPECT_EQ(
      to_string(row_of(Phase::open, Effect(EffectKind::answer, 500), Role::gateway, Kind::websocket).fine),
      "sends Close 1014");
}

TEST(GatewayColumn, AtTheUpstreamPassesTheEndOfItsClientOn) {
  EXPECT_EQ(to_string(at_upstream(EffectKind::reset, Kind::http).fine), "ends TCP without a Close");
  const Row peer = at_upstream(EffectKind::reset, Kind::websocket);
  EXPECT_EQ(to_string(peer.fine), "sends Close 1001, or ends TCP without a Close");
  EXPECT_EQ(to_string(peer.warned), "sends Close 1000 or 1011");
  EXPECT_EQ(to_string(at_upstream(Effect(EffectKind::close, 4000), Kind::http).fine), "sends Close 4000");
  for (const EffectKind kind : all_of<EffectKind>())
    EXPECT_FALSE(at_upstream(kind, Kind::websocket).fine.empty());
}

// --- the server's column

TEST(ServerColumn, EndsTheConnectionOnAnIllegalFrame) {
  const Row row = row_of(Phase::open, Effect(EffectKind::illegal_frame), Role::server);
  EXPECT_EQ(to_string(row.fine), "sends Close 1002");
  EXPECT_EQ(to_string(row.warned), "ends TCP without a Close") << "7.1.7: SHOULD";
  EXPECT_TRUE(row.demands.ends_tcp);
  const auto fine = [](std::string violation) {
    return to_string(row_of(Phase::open, Effect(EffectKind::illegal_frame, 0, violation), Role::server).fine);
  };
  EXPECT_EQ(fine("bad-utf8"), "sends Close 1007 or 1002");
  EXPECT_EQ(fine("length-overflow"), "sends Close 1002 or 1009");
  EXPECT_EQ(fine(std::string(message_too_big)), "sends Close 1009");
}

TEST(ServerColumn, AnswersWhatIsNoSoundHandshake) {
  const auto fine = [](const Effect& effect) {
    return to_string(row_of(Phase::before_101, effect, Role::server).fine);
  };
  EXPECT_EQ(fine(EffectKind::answer), "answers 426") << "a plain GET: RFC 9110 15.5.22";
  EXPECT_EQ(fine(Effect(EffectKind::invalid_101, 0, "wrong-version")), "answers 426") << "RFC 6455 4.4";
  EXPECT_EQ(fine(Effect(EffectKind::invalid_101, 0, "bad-key")), "answers 400") << "RFC 6455 4.2.1";
}

TEST(ServerColumn, RefusesCodesThatNobodyMaySend) {
  const auto row = [](int code) {
    return row_of(Phase::open, Effect(EffectKind::close, code), Role::server);
  };
  for (const int code : {1005, 1006, 1015}) {
    EXPECT_EQ(to_string(row(code).fine), "sends Close 1002") << "RFC 6455 7.4.1";
    EXPECT_FALSE(has(row(code).warned, ReactionKind::close, code));
  }
  for (const int code : {0, 1004, 2999, 5000}) {
    EXPECT_FALSE(has(row(code).warned, ReactionKind::close, code)) << "an echo of it breaks the protocol";
  }
}

TEST(ServerColumn, AnswersACloseAndEndsTcpItself) {
  const Row row = row_of(Phase::open, Effect(EffectKind::close, 1001), Role::server);
  EXPECT_TRUE(has(row.fine, ReactionKind::close, 1001));
  EXPECT_TRUE(row.demands.ends_tcp);
}

TEST(ServerColumn, LetsAVanishedClientGo) {
  const Row row = row_of(Phase::open, EffectKind::silence, Role::server);
  EXPECT_TRUE(has(row.fine, ReactionKind::ends));
  EXPECT_EQ(row.limit.missing, Cause::no_heartbeat);
}

TEST(ServerColumn, SaysThatItGoes) {
  EXPECT_EQ(to_string(row_of(Phase::open, EffectKind::stopped, Role::server).fine),
            "sends Close 1001 or 1012");
  EXPECT_EQ(to_string(row_of(Phase::before_101, EffectKind::stopped, Role::server).fine), "answers 503");
}

}  // namespace
}  // namespace wsfault::verdict::oracle
