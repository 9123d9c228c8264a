// Where an attempt to reach a system stopped, and what is reported.
#include "runner/precheck_words.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace wsfault::runner {
namespace {

using namespace record;

/// A literal log of one attempt.
struct Try {
  record::Events events;

  Try& on(std::string link, What what) {
    events.push_back({0, {std::move(link), "client", 1}, std::move(what)});
    return *this;
  }
  Try& asks(const std::string& link, wire::Headers headers, std::string method = "GET") {
    const wire::RequestHead head{std::move(method), "/chat", 11, std::move(headers)};
    on(link, Accepted{});
    return on(link, RequestSeen{.head = head, .upgrade = wire::is_upgrade(head)});
  }
  Try& answers(const std::string& link, int status, std::string reason, wire::Headers headers = {},
               std::vector<std::string> flaws = {}) {
    return on(link, ResponseSeen{.head = {status, std::move(reason), 11, std::move(headers)},
                                 .flaws = std::move(flaws)});
  }
};

const wire::Headers upgrade = {
    {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Key", "k"}};

Try asked() { return Try().asks("front", upgrade); }
Try passed_on() { return asked().asks("back", upgrade); }

const std::string tls_hello("\x16\x03\x01\x02", 4);
const std::string tls_alert("\x15\x03\x01\x00", 4);

struct Row {
  const char* name;
  Try tried;
  const char* what;
  const char* remedy;
  bool lasts;
};

TEST(Hindrance, OfAGateway) {
  const Asked gateway{.system = "the gateway", .path = "/chat", .upstream = "127.0.0.1:9000"};
  const Row rows[] = {
      {"nobody listens", Try().on("front", Accepted{}).on("front", DialFailed{ECONNREFUSED}),
       "the gateway: Connection refused", "Is it running, and at that address?", false},
      {"its certificate", Try().on("front", TlsHandshake{Side::server, "", "the certificate is expired"}),
       "the gateway: the certificate is expired", "", true},
      {"headers are lost", asked().asks("back", {{"Connection", "close"}}),
       "the gateway drops the headers of the upgrade: its upstream was asked for /chat without Upgrade, "
       "Connection "
       "and Sec-WebSocket-Key",
       "In nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header "
       "Connection "
       "\"upgrade\"; in Apache: ProxyPass … upgrade=websocket.",
       true},
      {"the method is changed", asked().asks("back", upgrade, "POST"),
       "the gateway makes POST /chat of an upgrade: its upstream was asked for no WebSocket",
       "It must pass on GET, with all headers of the upgrade.", true},
      {"a route is missing", asked().answers("front", 404, "Not Found"),
       "the gateway answers HTTP 404 Not Found to GET /chat by itself, and never connected to the upstream "
       "at "
       "127.0.0.1:9000",
       "Does the URL have the path at which WebSockets are served?", true},
      {"it may not have seen the upstream yet", asked().answers("front", 503, ""),
       "the gateway answers HTTP 503 to GET /chat by itself, and never connected to the upstream at "
       "127.0.0.1:9000",
       "It looks for its upstream elsewhere, or has not seen yet that it is there: --upstream-listen must be "
       "the "
       "address in its configuration; --timeout-scale waits longer than this.",
       false},
      {"it is wss", asked().on("front", NotHttp{Tap::sent, Side::server, tls_alert}),
       "the gateway speaks TLS, and was spoken to without", "Its URL begins with wss://.", true},
      {"TLS towards the upstream",
       asked().on("back", Accepted{}).on("back", NotHttp{Tap::sent, Side::client, tls_hello}),
       "the gateway speaks TLS to its upstream, and this run's upstream at 127.0.0.1:9000 speaks none",
       "Its upstream is http:// (ws://) there, not https://.", true},
      {"the 101 is kept", passed_on().answers("back", 101, "Switching Protocols"),
       "the gateway keeps the upstream's HTTP 101 Switching Protocols back",
       "It waits for the whole of the answer: it must not buffer it, and become a tunnel after a 101.",
       false},
      {"an early 103 is no answer", passed_on().answers("back", 101, "").answers("front", 103, ""),
       "the gateway keeps the upstream's HTTP 101 back",
       "It waits for the whole of the answer: it must not buffer it, and become a tunnel after a 101.",
       false},
      {"the accept is changed",
       passed_on()
           .answers("back", 101, "", {{"Sec-WebSocket-Accept", "a"}})
           .answers("front", 101, "", {{"Sec-WebSocket-Accept", "b"}}, {"wrong-accept"}),
       "the gateway answers GET /chat with a 101 that a client must refuse (wrong-accept): it changed the "
       "upstream's "
       "Sec-WebSocket-Accept",
       "It must pass the header on as it is.", true},
      {"a message is lost", passed_on().answers("back", 101, "").answers("front", 101, ""),
       "the gateway lets the upgrade pass, and not the message that its client sent",
       "After a 101 it must pass bytes on as they come, in both directions, unbuffered.", false},
  };
  for (const Row& row : rows) {
    const Hindrance found = hindrance(gateway, row.tried.events);
    EXPECT_EQ(found.what, row.what) << row.name;
    EXPECT_EQ(found.remedy, row.remedy) << row.name;
    EXPECT_EQ(found.lasts, row.lasts) << row.name;
  }
}

TEST(Hindrance, OfAServer) {
  const Asked server{.system = "the server", .path = "/chat", .upstream = ""};
  const Row rows[] = {
      {"it opens", asked().answers("front", 101, "Switching Protocols"), "", "", false},
      {"another path", asked().answers("front", 404, "Not Found"),
       "the server answers HTTP 404 Not Found to GET /chat",
       "Does the URL have the path at which WebSockets are served?", true},
      {"elsewhere", asked().answers("front", 302, "Found", {{"Location", "/ws"}}),
       "the server answers HTTP 302 Found to GET /chat", "It sends clients elsewhere, to /ws: use that URL.",
       true},
      {"not ready", asked().answers("front", 503, ""), "the server answers HTTP 503 to GET /chat",
       "It has no place, or is not ready yet.", false},
      {"a bad 101", asked().answers("front", 101, "", {}, {"no-accept"}),
       "the server answers GET /chat with a 101 that a client must refuse (no-accept)",
       "RFC 6455 4.2.2 says what the answer must have.", true},
      {"silence", asked(), "the server does not answer GET /chat",
       "It accepted the connection: does it wait for something that does not answer?", false},
  };
  for (const Row& row : rows) {
    const Hindrance found = hindrance(server, row.tried.events);
    EXPECT_EQ(found.what, row.what) << row.name;
    EXPECT_EQ(found.remedy, row.remedy) << row.name;
    EXPECT_EQ(found.lasts, row.lasts) << row.name;
  }
}

TEST(Hindrance, IsALineAndItsRemedyAnother) {
  EXPECT_EQ(to_string(Hindrance{"it is silent", "Wake it.", false}), "it is silent\n  remedy  Wake it.");
  EXPECT_EQ(to_string(Hindrance{"it is silent", "", false}), "it is silent");
  EXPECT_EQ(to_string(Hindrance{}), "");
}

}  // namespace
}  // namespace wsfault::runner
