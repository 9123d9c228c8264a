#include "chat_client.hpp"

#include <wsfault/gtest.hpp>

using namespace wsfault;
using namespace wsfault::literals;

/// A session of wsfault for each test (SessionTest), and a client that reports to it what it saw.
class ChatClientTest : public SessionTest {
 protected:
  static ChatClient connect(const Proxy& proxy) {
    const Client seen = proxy.client();
    return {proxy.host(),
            proxy.port(),
            {.opened = [seen] { seen.opened(); },
             .received = [seen](const std::string& text) { seen.received(text); },
             .closed = [seen](int code) { seen.closed(code); }}};
  }
};

TEST_F(ChatClientTest, comes_back_after_a_reset_in_the_middle_of_a_conversation) {
  // Table{}: a fake server, which sends ten messages. "ws://127.0.0.1:9000": your own.
  const Proxy proxy = session().proxy("chat", Table{});
  proxy.inject(R"({ inject = "reset", when = "message 3" })"_toml);
  const ChatClient chat = connect(proxy);
  session().until("fault reset");
  EXPECT_EQ(session().until("open").connection, 2);  // the client's next attempt
  EXPECT_THAT(proxy.client(), ClosedWith(1006));
}

TEST_F(ChatClientTest, reports_the_code_with_which_the_server_restarts) {
  const Proxy proxy = session().proxy("chat", Table{});
  const Fault restart = proxy.inject("close", {{"code", 1012}, {"when", "message 3"}});
  const ChatClient chat = connect(proxy);
  EXPECT_THAT(restart, Fires());
  EXPECT_THAT(proxy.client(), ClosedWith(1012));
  EXPECT_THAT(proxy.client(), Reconnects());
}

TEST_F(ChatClientTest, goes_on_trying_while_the_server_refuses) {
  const Proxy proxy = session().proxy("chat", Table{});
  const Fault refusal = proxy.inject("refuse");
  const ChatClient chat = connect(proxy);
  EXPECT_THAT(refusal, Fires());
  refusal.heal();
  EXPECT_THAT(proxy, Reaches("open"));
}
