// The matchers: what they match, and what they say where they do not.
#include <wsfault/gtest.hpp>

#include "websocket_peer.hpp"

namespace wsfault {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// "Expected: …\nActual: …", as EXPECT_THAT says it; empty: it matches.
template <typename Subject, typename Matcher>
std::string complaint(const Subject& subject, const Matcher& matcher) {
  const ::testing::Matcher<const Subject&> of_subject(matcher);
  ::testing::StringMatchResultListener listener;
  if (of_subject.MatchAndExplain(subject, &listener)) return "";
  std::ostringstream out;
  out << "Expected: ";
  of_subject.DescribeTo(&out);
  out << "\nActual: " << ::testing::PrintToString(subject) << ", " << listener.str();
  return out.str();
}

class Matchers : public SessionTest {
 protected:
  /// A client that was reset, and says that it saw this code.
  Client was_reset(int reported) {
    const Proxy proxy = session().proxy("api", Table{});
    const Fault fault = proxy.inject("reset", {{"when", "message 1"}});
    Client client = proxy.client();
    WebSocketPeer peer(proxy.port());
    client.opened();
    client.closed(peer.close_code() == 1006 ? reported : 0);
    EXPECT_THAT(fault, Fires());
    return client;
  }
};

TEST_F(Matchers, ClosedWith) {
  const Client client = was_reset(1006);
  EXPECT_THAT(client, ClosedWith(1006));
  EXPECT_THAT(session(), ClosedWith(1006));
  EXPECT_THAT(client, Not(ClosedWith(1000)));
  EXPECT_THAT(client, ClosedWith(1006, ""));
}

TEST_F(Matchers, ClosedWith_says_what_was_seen) {
  const Client client = was_reset(1000);
  EXPECT_THAT(complaint(client, ClosedWith(1006)),
              AllOf(HasSubstr("Expected: reports the close code 1006\nActual: the client at the proxy api, "
                              "expect close = 1006: violated\n"
                              "  expected  "),
                    HasSubstr("\n  seen      it reported 1000")));
}

TEST_F(Matchers, ClosedOnTheWireWith) {
  const Proxy proxy = session().proxy("api", Table{});
  proxy.inject("close", {{"code", 1012}, {"when", "message 1"}});
  EXPECT_EQ(WebSocketPeer(proxy.port()).close_code(), 1012);
  EXPECT_THAT(proxy, ClosedOnTheWireWith(1012));
  EXPECT_THAT(complaint(proxy, ClosedOnTheWireWith(1013)),
              HasSubstr("Expected: a Close frame with the code 1013 is on the wire\n"));
}

TEST_F(Matchers, Reconnects) {
  const Client client = was_reset(1006);
  WebSocketPeer again(session().proxy("other", Table{}).port());  // elsewhere
  EXPECT_THAT(client, Not(Reconnects()));
}

TEST_F(Matchers, Meets_and_Reaches_and_Passes) {
  const Client client = was_reset(1006);
  EXPECT_THAT(client, Meets(Table{{"close", 1006}, {"within", 1s}}));
  EXPECT_THAT(client, Reaches("fault reset"));
  EXPECT_THAT(session(), Reaches("end"));
  EXPECT_THAT(session(), Passes());
}

TEST_F(Matchers, Reaches_says_what_happened_instead) {
  begin({.timeout = 100ms});
  const Proxy proxy = session().proxy("api", Table{});
  const Fault fault = proxy.inject("reset", {{"when", "close"}});
  WebSocketPeer peer(proxy.port());
  EXPECT_THAT(
      complaint(proxy, Reaches("close")),
      AllOf(HasSubstr("Expected: reaches the moment \"close\"\nActual: the proxy api at ws://127.0.0.1:"),
            HasSubstr("\"close\" did not come in 100ms; the last of ")));
  EXPECT_THAT(complaint(fault, Fires()),
              HasSubstr("Expected: fires\nActual: the fault reset, \"fault reset\" did not come"));
}

TEST_F(Matchers, Passes_shows_the_verdict) {
  was_reset(1000);
  EXPECT_THAT(complaint(session(), Passes()), AllOf(HasSubstr("Expected: passes\nActual: the session " +
                                                              session().id() + ", the verdict is\n"),
                                                    HasSubstr("/api: failed")));
}

TEST_F(Matchers, what_is_undecided_does_not_pass_under_Not) {
  begin({.timeout = 100ms});
  const Proxy proxy = session().proxy("api", Table{});
  WebSocketPeer peer(proxy.port());
  const ::testing::Matcher<const Proxy&> matcher =
      Not(Meets(Table{{"wire_close", 1012}, {"since", "open"}, {"within", 20s}}));
  EXPECT_THROW((void)matcher.Matches(proxy), ExpectationError);
}

}  // namespace
}  // namespace wsfault
