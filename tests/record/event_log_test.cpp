// The log's order, and its delivery while subscribers record, subscribe and unsubscribe.
#include "record/event_log.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>

namespace wsfault::record {
namespace {

std::string name_of(const Event& event) { return std::get<Mark>(event.what).name; }

std::string names_of(const record::Events& events) {
  std::string names;
  for (const Event& event : events) names += name_of(event);
  return names;
}

/// A subscriber that records what it saw.
EventLog::Subscriber noting(std::string& seen) {
  return [&seen](const Event& event) { seen += name_of(event); };
}

void mark(EventLog& log, std::string name) { log.record({}, Mark{std::move(name)}); }

TEST(EventLog, AppendsWithTheTimeAndThePlace) {
  EventLog log;
  const std::int64_t before = log.now();
  log.record({"link", "sut", 2}, Dialled{});
  ASSERT_EQ(log.events().size(), 1U);
  const Event& event = log.events().front();
  EXPECT_GE(event.at, before);
  EXPECT_LE(event.at, log.now());
  EXPECT_EQ(event.where.link, "link");
  EXPECT_EQ(event.where.party, "sut");
  EXPECT_EQ(event.where.connection, 2);
  EXPECT_TRUE(std::holds_alternative<Dialled>(event.what));
  EXPECT_EQ(log.time_of(event.at) - log.time_of(0), std::chrono::nanoseconds(event.at));
}

TEST(EventLog, CallsSubscribersInTheirOrderFromNowOn) {
  EventLog log;
  std::string seen;
  mark(log, "0");
  const auto first = log.subscribe([&](const Event& event) { seen += "first " + name_of(event) + ", "; });
  const auto second = log.subscribe([&](const Event& event) { seen += "second " + name_of(event) + ", "; });
  mark(log, "1");
  mark(log, "2");
  EXPECT_EQ(seen, "first 1, second 1, first 2, second 2, ");
}

TEST(EventLog, DeliversWhatASubscriberRecordsAfterThePresentEventWasDeliveredToAll) {
  EventLog log;
  std::string first_seen;
  std::string second_seen;
  const auto first = log.subscribe([&](const Event& event) {
    const std::string name = name_of(event);
    first_seen += name;
    if (name == "a") {
      mark(log, "b");
      mark(log, "c");
      EXPECT_EQ(names_of(log.events()), "a");
      EXPECT_EQ(name_of(event), "a");  // the reference is still valid, though much was recorded
    }
    if (name == "b") mark(log, "d");
  });
  const auto second = log.subscribe(noting(second_seen));
  mark(log, "a");
  EXPECT_EQ(first_seen, "abcd");
  EXPECT_EQ(second_seen, "abcd");
  EXPECT_EQ(names_of(log.events()), "abcd");
  for (std::size_t i = 1; i < log.events().size(); ++i) EXPECT_LE(log.events()[i - 1].at, log.events()[i].at);
}

TEST(EventLog, CallsNobodyAfterItsHandleIsGone) {
  EventLog log;
  std::string seen;
  {
    const auto subscription = log.subscribe(noting(seen));
    mark(log, "a");
  }
  mark(log, "b");
  EXPECT_EQ(seen, "a");
}

TEST(EventLog, HandlesCanBeMoved) {
  EventLog log;
  std::string first_seen;
  std::string second_seen;
  EventLog::Subscription first = log.subscribe(noting(first_seen));
  EventLog::Subscription second = log.subscribe(noting(second_seen));
  EventLog::Subscription moved = std::move(first);
  mark(log, "a");
  moved = std::move(second);  // ends the subscription that it held
  mark(log, "b");
  moved = EventLog::Subscription();
  mark(log, "c");
  EXPECT_EQ(first_seen, "a");
  EXPECT_EQ(second_seen, "ab");
}

TEST(EventLog, ASubscriberMayEndItselfWhileItRuns) {
  EventLog log;
  std::string seen;
  std::optional<EventLog::Subscription> subscription;
  const std::string owned(100, 'x');
  subscription = log.subscribe([&, owned](const Event& event) {
    subscription.reset();
    seen += name_of(event) + owned.substr(0, 1);  // what it owns still exists
  });
  std::string last_seen;
  const auto last = log.subscribe(noting(last_seen));
  mark(log, "a");
  mark(log, "b");
  EXPECT_EQ(seen, "ax");
  EXPECT_EQ(last_seen, "ab");
}

TEST(EventLog, ASubscriberMayEndAnyOther) {
  // Of four subscribers the second one ends another: one before it, one after it, or the last.
  for (const std::size_t victim : {0U, 2U, 3U}) {
    EventLog log;
    std::string seen;
    std::vector<std::optional<EventLog::Subscription>> subscriptions(4);
    for (std::size_t i = 0; i < subscriptions.size(); ++i) {
      subscriptions[i] = log.subscribe([&, i](const Event& event) {
        seen += name_of(event) + std::to_string(i) + " ";
        if (i == 1) subscriptions[victim].reset();
      });
    }
    mark(log, "a");
    mark(log, "b");
    const std::string expected = victim == 0   ? "a0 a1 a2 a3 b1 b2 b3 "
                                 : victim == 2 ? "a0 a1 a3 b0 b1 b3 "
                                               : "a0 a1 a2 b0 b1 b2 ";
    EXPECT_EQ(seen, expected);
  }
}

// A watcher reads events() and then subscribes: it must miss nothing and see nothing twice.
TEST(EventLog, WhoSubscribesDuringDeliverySeesWhatIsNotInEventsYet) {
  EventLog log;
  std::string seen;
  std::optional<EventLog::Subscription> late;
  const auto first = log.subscribe([&](const Event& event) {
    if (name_of(event) != "a") return;
    mark(log, "b");
    seen = names_of(log.events());
    late = log.subscribe(noting(seen));
  });
  const auto last = log.subscribe([](const Event&) {});
  mark(log, "a");
  mark(log, "c");
  EXPECT_EQ(seen, "abc");
}

TEST(EventLog, GoesOnAfterASubscriberHasThrown) {
  EventLog log;
  std::string seen;
  const auto thrower = log.subscribe([&](const Event& event) {
    if (name_of(event) != "a") return;
    mark(log, "b");
    throw std::runtime_error("in a subscriber");
  });
  const auto other = log.subscribe(noting(seen));
  EXPECT_THROW(mark(log, "a"), std::runtime_error);
  mark(log, "c");
  EXPECT_EQ(names_of(log.events()), "abc");
  EXPECT_EQ(seen, "bc");
}

TEST(EventLog, SubscriptionsMayOwnOthers) {
  EventLog log;
  std::string seen;
  std::optional<EventLog::Subscription> outer;
  auto inner = std::make_shared<EventLog::Subscription>(log.subscribe(noting(seen)));
  outer = log.subscribe([&outer, inner](const Event&) { outer.reset(); });
  inner.reset();
  mark(log, "a");  // outer ends, and with it inner
  mark(log, "b");
  EXPECT_EQ(seen, "a");
}

}  // namespace
}  // namespace wsfault::record
