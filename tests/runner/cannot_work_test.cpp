// What shows that a run cannot work, and how it is reported.
#include "runner/cannot_work.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

using record::Event;
using verdict::Outcome;

Event event(record::What what) { return {0, {}, std::move(what)}; }

const record::Events came = {event(record::Ready{}), event(record::Accepted{})};
const record::Events did_not_come = {event(record::Ready{})};
const record::Events was_refused = {event(record::Ready{}),
                                    event(record::LinkEffect{record::LinkEffectKind::refused, {}})};
const record::Events was_killed = {event(record::Ready{}), event(record::FaultFired{})};
const record::Events not_ready = {event(record::HarnessError{"nobody listens at 127.0.0.1:9"})};

TEST(ContactIn, IsWhatTheLogShows) {
  using enum Contact;
  const struct {
    const char* name;
    const record::Events& events;
    model::Role role;
    Contact expected;
  } rows[] = {
      {"a client that connected", came, model::Role::client, made},
      {"a client that did not", did_not_come, model::Role::client, none},
      {"a client that is refused leaves no trace", was_refused, model::Role::client, unknown},
      {"a client that is killed", was_killed, model::Role::client, unknown},
      {"a stage that was not ready for its client", not_ready, model::Role::client, unknown},
      {"a server that is ready", did_not_come, model::Role::server, made},
      {"a server that is not", not_ready, model::Role::server, none},
      {"a gateway that is not", not_ready, model::Role::gateway, none},
  };
  for (const auto& row : rows) EXPECT_EQ(contact_in(row.events, row.role), row.expected) << row.name;
}

/// A run of cases with one system.
struct SampleRun {
  explicit SampleRun(std::vector<std::string> start, model::Role role = model::Role::client) {
    loaded.judged.system.name = "it";
    loaded.judged.system.role = role;
    loaded.judged.system.start = std::move(start);
    order.loaded = &loaded;
  }
  void end(const record::Events& events, Outcome outcome = Outcome::inconclusive,
           std::vector<record::OutputLine> output = {}) {
    report::CaseResult result;
    result.id = "case " + std::to_string(++cases);
    result.outcome = outcome;
    result.events = events;
    result.output = std::move(output);
    for (const Event& one : events)
      if (const auto* error = std::get_if<record::HarnessError>(&one.what)) result.reason = error->message;
    judge.note(order, result);
  }
  bool stops() const { return !judge.why_not(order).empty(); }

  scenario::LoadedCase loaded;
  CaseOrder order;
  CannotWork judge{1};
  int cases = 0;
};

TEST(CannotWork, AClientThatNeverConnectsIsGivenUpAfterThreeCases) {
  SampleRun run({"sh", "-c", "sleep 60"});
  run.end(did_not_come);
  run.end(did_not_come);
  EXPECT_FALSE(run.stops());
  run.end(did_not_come, Outcome::inconclusive, {{"stdout", "one"}, {"stderr", "no address given"}});
  EXPECT_EQ(run.judge.why_not(run.order), "not run: the client never connected");
  EXPECT_EQ(run.judge.in_words(61),
            "the client never connected: in 3 cases nothing came to the link\n"
            "  The command does not contain ${url}: the client cannot know where to connect, unless it reads "
            "WSFAULT_URL: sleep 60\n"
            "  The last that it printed:\n"
            "    | one\n"
            "    | no address given\n"
            "  61 cases were not run.");
}

TEST(CannotWork, AClientThatIsToldWhereIsNotBlamedForThat) {
  for (const char* command : {"client ${url}", "client ${host} ${port}", "client $WSFAULT_URL"}) {
    SampleRun run({"sh", "-c", command});
    run.end(did_not_come);
    const std::string words = run.judge.in_words(0);
    EXPECT_EQ(words.find("does not contain"), std::string::npos) << words;
    EXPECT_NE(words.find(command), std::string::npos) << words;
    EXPECT_NE(words.find("It printed nothing."), std::string::npos) << words;
  }
}

TEST(CannotWork, OneThatConnectedOnceWorks) {
  SampleRun run({"client", "${url}"});
  run.end(did_not_come);
  run.end(came, Outcome::failed);
  for (int i = 0; i < 10; ++i) run.end(did_not_come);
  EXPECT_FALSE(run.stops());
  EXPECT_EQ(run.judge.in_words(0), "");
}

TEST(CannotWork, WhatAFaultKeptAwayAndWhatPassedDoesNotCount) {
  SampleRun run({"client", "${url}"});
  for (int i = 0; i < 10; ++i) run.end(was_refused, Outcome::failed);
  for (int i = 0; i < 10; ++i) run.end(did_not_come, Outcome::passed);
  EXPECT_FALSE(run.stops());
  EXPECT_EQ(run.judge.in_words(0), "");
}

TEST(CannotWork, CasesThatHaveWaitedLongEnoughCountBeforeTheyEnd) {
  using std::chrono::seconds;
  SampleRun run({"client"});
  const auto waiting = [&](Contact contact, int since) {
    return CannotWork::Waiting{&run.order, contact, seconds(since)};
  };
  run.end(did_not_come);
  run.judge.look_at({waiting(Contact::none, 14), waiting(Contact::none, 14), waiting(Contact::none, 14)});
  EXPECT_FALSE(run.stops());
  run.judge.look_at({waiting(Contact::none, 16), waiting(Contact::none, 14)});
  EXPECT_FALSE(run.stops());
  run.judge.look_at({waiting(Contact::none, 16), waiting(Contact::unknown, 16)});
  EXPECT_FALSE(run.stops());
  run.judge.look_at({waiting(Contact::none, 16), waiting(Contact::none, 16)});
  EXPECT_TRUE(run.stops());
}

TEST(CannotWork, OneThatRunsAndHasConnectedSpeaksForAll) {
  SampleRun run({"client"});
  run.judge.look_at({{&run.order, Contact::made, Duration(0)}});
  for (int i = 0; i < 10; ++i) run.end(did_not_come);
  EXPECT_FALSE(run.stops());
}

TEST(CannotWork, ASystemThatIsNeverReadyIsGivenUpWithTheReason) {
  SampleRun run({"server"}, model::Role::server);
  for (int i = 0; i < 3; ++i) run.end(not_ready, Outcome::error);
  EXPECT_EQ(run.judge.why_not(run.order), "not run: it never became ready");
  EXPECT_EQ(run.judge.in_words(1),
            "it never became ready: nobody listens at 127.0.0.1:9\n  1 case was not run.");
}

TEST(CannotWork, OtherSystemsOfTheRunGoOn) {
  SampleRun run({"client"});
  for (int i = 0; i < 3; ++i) run.end(did_not_come);
  SampleRun other({"other"});
  other.loaded.judged.system.name = "another";
  EXPECT_EQ(run.judge.why_not(other.order), "");
}

TEST(CannotWork, ASystemThatIsGoneIsGoneSinceTheLastCase) {
  SampleRun run({}, model::Role::server);
  run.end(did_not_come, Outcome::passed);
  run.end(did_not_come, Outcome::failed);
  run.judge.lose("the server at 127.0.0.1:9000");
  EXPECT_EQ(run.judge.why_not(run.order),
            "not run: the server at 127.0.0.1:9000 is gone since case 2: it refuses connections");
  EXPECT_EQ(
      run.judge.in_words(61),
      "the server at 127.0.0.1:9000 is gone since case 2: it refuses connections; 61 cases were not run");
}

}  // namespace
}  // namespace wsfault::runner
