// Neighbours that came to the same are one range; what one point came to is read from its log.
#include "sweep/ranges.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/seen.hpp"
#include "sweep/struck.hpp"

namespace wsfault::sweep {
namespace {

using verdict::Outcome;

Seen passed(const char* end) { return {Outcome::passed, end, ""}; }

std::string text_of(const std::vector<Range>& ranges) {
  std::string out;
  for (const Range& range : ranges)
    out += std::to_string(range.first) + "-" + std::to_string(range.last) + " ";
  return out;
}

TEST(SweepRanges, EndWhereTheOutcomeTheEndOrTheCauseIsAnother) {
  const Seen hung{Outcome::failed, hangs, "it does not report"};
  const Seen late{Outcome::failed, "1006", "it reports late"};
  const Seen wrong{Outcome::failed, "1006", "it reports another code"};
  const struct {
    std::vector<Seen> points;
    const char* ranges;
  } rows[] = {
      {{}, ""},
      {{passed("1006")}, "0-0 "},
      {{passed("1006"), passed("1006"), passed("1006")}, "0-2 "},
      {{passed("handshake failure"), passed("1006"), passed("1006")}, "0-0 1-2 "},
      {{passed("1006"), hung, passed("1006")}, "0-0 1-1 2-2 "},
      {{late, late, wrong, wrong}, "0-1 2-3 "},
      {{passed("1006"), late}, "0-0 1-1 "},
  };
  for (const auto& row : rows) EXPECT_EQ(text_of(ranges_of(row.points)), row.ranges);
}

scenario::LoadedCase loaded_case() {
  Diagnostics diagnostics("reset.toml", "");
  model::System system;
  system.name = "app";
  constexpr const char* text = R"(title = "t"
role = "client"
[[fault]]
inject = "reset"
when = "message 2"
)";
  auto cases = scenario::load_scenario("reset", {.system = system}, text, diagnostics);
  EXPECT_EQ(cases.size(), 1U) << diagnostics.print();
  return cases.front();
}

fault::Moment byte_131() {
  fault::Moment moment;
  moment.kind = fault::Moment::Kind::byte;
  moment.number = 131;
  moment.from = wire::Side::server;
  return moment;
}

/// The log of a point can be judged again: its first record has the moment, too.
TEST(SweepCase, HasTheMomentInTheFaultAndInWhatIsRecordedOfIt) {
  const scenario::LoadedCase struck = at_moment(loaded_case(), 0, byte_131());
  EXPECT_EQ(refusal(struck), "");
  EXPECT_EQ(to_string(struck.judged.faults[0].when), "byte 131 from server");
  EXPECT_EQ(to_string(struck.scenario.faults[0].when), "byte 131 from server");
  const auto read = scenario::read_resolved(struck.resolved);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_string(read->judged.faults[0].when), "byte 131 from server");
}

TEST(SweepCase, UndisturbedHasNoFaultAndExpectsNothing) {
  const scenario::LoadedCase calm = undisturbed(loaded_case(), 0);
  EXPECT_TRUE(calm.judged.faults.empty());
  EXPECT_TRUE(calm.scenario.faults.empty());
  EXPECT_FALSE(calm.judged.appropriate);
}

TEST(SweepCase, OfSeveralFaultsNamesTheOneThatIsSwept) {
  scenario::LoadedCase loaded = loaded_case();
  EXPECT_EQ(*find_fault(loaded, ""), 0U);
  EXPECT_EQ(*find_fault(loaded, "reset"), 0U);
  EXPECT_EQ(find_fault(loaded, "rest").error().substr(0, 12), "--fault rest");
}

/// A log of one connection.
class Log {
 public:
  Log& on(record::What what, int connection = 1) {
    result.events.push_back({0, {"link", "sut", connection}, std::move(what)});
    return *this;
  }
  Log& open() {
    on(record::Accepted{}).on(record::RequestSeen{record::Tap::sent, {"GET", "/", 11, {}}, true, {}});
    return on(record::ResponseSeen{record::Tap::arrived, {101, "", 11, {}}, {}, false});
  }
  Log& reports(const char* event, std::optional<int> code = {}) {
    record::Report report;
    report.event = event;
    report.code = code;
    result.events.push_back({0, {"", "sut", 0}, report});
    return *this;
  }
  Log& reached() { return on(record::ByteReached{wire::Side::server, 131}); }
  Seen seen(Outcome outcome) {
    result.outcome = outcome;
    return see(result, at_moment(loaded_case(), 0, byte_131()), 0);
  }
  report::CaseResult result;
};

TEST(SweepSeen, IsHowTheConnectionEndedForTheSystem) {
  EXPECT_EQ(Log().open().reports("open").reached().reports("close", 1006).seen(Outcome::passed).end, "1006");
  EXPECT_EQ(Log().open().reports("open").reached().seen(Outcome::failed).end, hangs);
  EXPECT_EQ(Log().open().reports("open").reached().seen(Outcome::passed).end, "stays open");
  EXPECT_EQ(Log().on(record::Accepted{}).reached().reports("close", 1006).seen(Outcome::passed).end,
            "handshake failure");
}

/// Each client has its own count of connections: whose the fault struck is in its record.
TEST(SweepSeen, IsOfTheClientThatWasStruck) {
  Log log;
  log.on(record::Accepted{}).reached();
  record::Report close;
  close.event = "close";
  close.code = 1001;
  log.result.events.push_back({0, {"link", "rude", 1}, record::Accepted{}});
  log.result.events.push_back(
      {0, {"link", "rude", 1}, record::ResponseSeen{record::Tap::arrived, {101, "", 11, {}}, {}, false}});
  log.result.events.push_back(
      {0, {"link", "rude", 1}, record::FaultFired{"reset", "reset", "RST to client"}});
  log.result.events.push_back({0, {"", "rude", 1}, close});
  EXPECT_EQ(log.seen(Outcome::passed).end, "1001");
}

/// A session that is shorter this time proves nothing about the point.
TEST(SweepSeen, OfAPointThatDidNotComeIsSkipped) {
  const Seen seen = Log().open().reports("open").seen(Outcome::inconclusive);
  EXPECT_EQ(seen.outcome, Outcome::skipped);
  EXPECT_EQ(seen.end, session_over);
  EXPECT_EQ(Log().open().reached().seen(Outcome::inconclusive).outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace wsfault::sweep
