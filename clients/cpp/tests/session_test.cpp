// Sessions, proxies, faults and waits, with real traffic.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <wsfault/gtest.hpp>

#include "websocket_peer.hpp"

namespace wsfault {
namespace {

using namespace std::chrono_literals;
using namespace literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

class SessionOfAClient : public SessionTest {
 protected:
  Proxy api() { return session().proxy("api", Table{}); }
  /// What the call throws, as text.
  template <typename Failure, typename Call>
  std::string thrown(Call call) {
    try {
      call();
    } catch (const Failure& error) {
      return error.what();
    }
    return "nothing";
  }
};

TEST_F(SessionOfAClient, a_fault_strikes_at_its_moment_and_the_next_connection_passes) {
  const Proxy proxy = api();
  const Fault fault = proxy.inject(R"({ inject = "reset", when = "message 3" })"_toml);
  EXPECT_EQ(fault.name(), "reset");
  EXPECT_EQ(fault.info().state, "armed");
  WebSocketPeer first(proxy.port());
  EXPECT_EQ(first.close_code(), 1006);
  EXPECT_EQ(session().until("fault reset").connection, 1);
  EXPECT_EQ(fault.info().fired, 1U);
  WebSocketPeer second(proxy.port());
  EXPECT_EQ(session().until("open").connection, 2);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(second.receive());
}

TEST_F(SessionOfAClient, a_proxy_begins_with_its_faults) {
  const Proxy proxy = session().proxy(
      "api", Table{}, {.faults = {{{"inject", "close"}, {"code", 1012}, {"when", "message 1"}}}});
  EXPECT_EQ(WebSocketPeer(proxy.port()).close_code(), 1012);
}

TEST_F(SessionOfAClient, a_proxy_stands_before_a_server) {
  const Proxy server = session().proxy("server", Table{});
  const Proxy proxy = session().proxy("api", server.url());
  EXPECT_EQ("ws://" + proxy.info().upstream, server.url());
  EXPECT_TRUE(WebSocketPeer(proxy.port()).receive());
}

TEST_F(SessionOfAClient, a_fault_heals_by_hand_or_at_the_end_of_its_block) {
  const Proxy proxy = api();
  WebSocketPeer peer(proxy.port());
  {
    const ScopedFault stall(proxy.inject("stall"));
    EXPECT_THAT(*stall, Fires());
    EXPECT_EQ(proxy.info().faults.size(), 1U);
  }
  EXPECT_TRUE(proxy.info().faults.empty());
  const Fault refusal = proxy.inject("refuse");
  EXPECT_THROW(WebSocketPeer(proxy.port()), std::runtime_error);
  refusal.heal();
  EXPECT_TRUE(WebSocketPeer(proxy.port()).receive());
}

TEST_F(SessionOfAClient, one_connection_is_closed_reset_ended_frozen_and_sent_to) {
  const Proxy proxy = api();
  WebSocketPeer closed(proxy.port()), reset(proxy.port()), ended(proxy.port()), told(proxy.port());
  for (WebSocketPeer* each : {&closed, &reset, &ended, &told})
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(each->receive());
  EXPECT_EQ(proxy.connections().size(), 4U);
  proxy.connection(1).close(4001, "token expired");
  EXPECT_EQ(closed.close_code(), 4001);
  proxy.connection(2).reset();
  EXPECT_EQ(reset.close_code(), 1006);
  proxy.connection(3).fin();
  EXPECT_EQ(ended.close_code(), 1006);
  const Fault freeze = proxy.connection(4).freeze();
  EXPECT_EQ(freeze.info().state, "fired");
  freeze.heal();
  proxy.connection(4).send("of nobody");
  EXPECT_EQ(told.receive(), "of nobody");
  proxy.connection(4).ping();
  EXPECT_THROW(proxy.connection(9).reset(), WsfaultError);
}

TEST_F(SessionOfAClient, a_proxy_is_disabled_enabled_and_removed) {
  const Proxy proxy = api();
  WebSocketPeer peer(proxy.port());
  proxy.disable();
  EXPECT_EQ(peer.close_code(), 1006);
  EXPECT_THROW(WebSocketPeer(proxy.port()), std::runtime_error);
  proxy.enable();
  EXPECT_TRUE(WebSocketPeer(proxy.port()).receive());
  proxy.remove();
  EXPECT_THAT(thrown<WsfaultError>([&] { proxy.info(); }), HasSubstr("there is no proxy \"api\""));
}

TEST_F(SessionOfAClient, waits_miss_nothing_between_each_other_and_look_back_where_they_are_told_to) {
  const Proxy proxy = api();
  WebSocketPeer peer(proxy.port());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(peer.receive());  // all of it before the first wait
  const Event opened = session().until("open");
  const Event second = session().until("message 2");
  EXPECT_GT(second.cursor, opened.cursor);
  EXPECT_THROW(session().until("open", {.timeout = 50ms}), MomentTimeout);
  EXPECT_EQ(session().until("open", {.after = 0}).cursor, opened.cursor);
  EXPECT_EQ(session().first("message 2").cursor, second.cursor);
  EXPECT_EQ(second.proxy, "api");
}

TEST_F(SessionOfAClient, a_moment_that_does_not_come_is_an_error_that_shows_the_last_events) {
  const Proxy proxy = api();
  WebSocketPeer peer(proxy.port());
  session().first("message 10");
  EXPECT_THAT(thrown<MomentTimeout>([&] { session().until("close", {.timeout = 100ms}); }),
              AllOf(HasSubstr("\"close\" did not come in 100ms; the last of "), HasSubstr("ms api #1 ")));
}

TEST_F(SessionOfAClient, events_are_read_over_several_answers) {
  const Proxy proxy =
      session().proxy("api", R"({ steps = [{ repeat = 600, steps = [{ send = "x" }] }] })"_toml);
  WebSocketPeer peer(proxy.port());
  session().first("message 600");
  const std::vector<Event> events = session().events();
  EXPECT_GT(events.size(), 1000U);
  for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].cursor, i + 1);
  EXPECT_TRUE(session().events({.after = events.back().cursor}).empty());
}

TEST_F(SessionOfAClient, a_mark_is_the_moment_of_a_fault) {
  const Proxy proxy = api();
  proxy.inject("reset", {{"when", "mark now"}, {"connections", "all"}});
  WebSocketPeer peer(proxy.port());
  session().mark("now");
  EXPECT_EQ(peer.close_code(), 1006);
}

TEST_F(SessionOfAClient, an_expectation_holds_or_is_an_error_that_says_what_was_seen) {
  const Proxy proxy = api();
  proxy.inject("reset", {{"when", "message 1"}});
  WebSocketPeer peer(proxy.port());
  const Client client = proxy.client();
  client.opened();
  EXPECT_EQ(peer.close_code(), 1006);
  client.closed(1000, "", true);
  EXPECT_THAT(thrown<ExpectationError>([&] {
                session().expect({{"close", 1006}});
              }),
              AllOf(HasSubstr("expect close = 1006: violated\n  expected  "),
                    HasSubstr("\n  seen      it reported 1000")));
  EXPECT_TRUE(session().expect({{"close", 1000}}).holds());
  const Verdict verdict = session().verdict(true);
  ASSERT_EQ(verdict.cases.size(), 1U);
  EXPECT_EQ(verdict.cases[0].outcome, "failed");
  EXPECT_THAT(to_string(verdict), HasSubstr(session().id() + "/api: failed\n"));
}

TEST_F(SessionOfAClient, an_expectation_that_stays_undecided_is_an_error_too) {
  const Proxy proxy = api();
  WebSocketPeer peer(proxy.port());
  const Table later{{"wire_close", 1012}, {"since", "open"}, {"within", 20s}};
  EXPECT_THAT(thrown<ExpectationError>([&] { session().expect(later, {.timeout = 100ms}); }),
              HasSubstr("undecided in its time\n  expected  "));
}

TEST_F(SessionOfAClient, errors_say_where_in_the_table_they_are) {
  const Proxy proxy = api();
  EXPECT_THAT(thrown<WsfaultError>([&] { proxy.inject("rest"); }),
              HasSubstr("/inject: unknown fault \"rest\"; did you mean \"reset\"?"));
  EXPECT_THAT(thrown<WsfaultError>([&] { proxy.inject(R"({ inject = "reset", wen = "message 3" })"_toml); }),
              HasSubstr("the table:1:27: error: unknown key \"wen\" in [[fault]]\n  1 | { inject = "));
  EXPECT_THAT(thrown<WsfaultError>([&] { session().until("clos"); }), HasSubstr("`until`"));
}

TEST_F(SessionOfAClient, is_kept_by_its_heartbeats_and_is_gone_with_its_object) {
  std::string url;
  std::string id;
  {
    Session kept = wsfault().session({.ttl = 1s});
    id = kept.id();
    // A second session of that time to live, which nobody keeps, is over first.
    Session other = wsfault().session({.ttl = 60s});
    EXPECT_THROW(other.until("mark never", {.timeout = 2500ms}), MomentTimeout);
    kept.mark("still here");
  }
  EXPECT_EQ(wsfault().session({.id = id}).id(), id);  // that name is free again
}

TEST_F(SessionOfAClient, what_is_gone_is_an_error_and_an_end_that_comes_twice_is_none) {
  session().end();
  session().end();
  EXPECT_THAT(thrown<WsfaultError>([&] { session().mark("late"); }),
              HasSubstr("POST /v1/sessions begins one"));
}

TEST_F(SessionOfAClient, plays_clients_where_the_server_is_under_test) {
  Session servers = wsfault().session();
  const Proxy server = servers.proxy("server", Table{});
  begin({.role = "server"}).proxy("api", server.url());
  session().play(R"({ steps = [{ send = "hello" }, { mark = "sent" }] })"_toml);
  EXPECT_EQ(session().until("mark sent").type, "mark");
}

TEST_F(SessionOfAClient, its_client_reports_from_any_thread) {
  const Proxy proxy = api();
  std::thread client([client = proxy.client(), port = proxy.port()] {
    WebSocketPeer peer(port);
    client.opened();
    client.received(peer.receive().value_or(""));
    client.closed(peer.close_code());
  });
  session().until("message 10");
  proxy.connection(1).close(1012);
  client.join();
  EXPECT_THAT(proxy.client(), ClosedWith(1012));
}

}  // namespace
}  // namespace wsfault
