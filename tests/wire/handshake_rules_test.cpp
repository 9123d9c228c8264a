// What a client must refuse in an answer (RFC 6455 4.1) and a server in a request (4.2.1).
#include <gtest/gtest.h>

#include "wire/handshake.hpp"

namespace wsfault::wire {

void PrintTo(HandshakeFlaw flaw, std::ostream* out) { *out << to_string(flaw); }

namespace {

using enum HandshakeFlaw;
using Flaws = std::vector<HandshakeFlaw>;

const Headers good_request_headers = {
    {"Host", "server.example.com"},
    {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},
    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
    {"Sec-WebSocket-Version", "13"},
    {"Sec-WebSocket-Protocol", "chat, superchat"},
    {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x-quoted; a=\"1,y\""},
};
const Headers good_response_headers = {
    {"Upgrade", "websocket"},
    {"Connection", "Upgrade"},
    {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
};

/// One header changed; a null `value` removes it.
Headers with(Headers headers, const std::string& name, const char* value) {
  std::erase_if(headers, [&](const Header& header) { return header.name == name; });
  if (value != nullptr) headers.push_back({name, value});
  return headers;
}

Headers and_also(Headers headers, const std::string& name, const char* value) {
  headers.push_back({name, value});
  return headers;
}

struct RuleCase {
  const char* header;
  const char* value;  ///< null: absent
  Flaws expected;
};

const RuleCase response_cases[] = {
    // "2. If the response lacks an |Upgrade| header field or [it] contains a value that is not an ASCII
    // case-insensitive match for the value "websocket""
    {"Upgrade", "WebSocket", {}},
    {"Upgrade", nullptr, {no_upgrade}},
    {"Upgrade", "h2c", {no_upgrade}},
    {"Upgrade", "websocket, h2c", {no_upgrade}},
    // "3. ... a token that is an ASCII case-insensitive match for the value "Upgrade""
    {"Connection", "keep-alive, upgrade", {}},
    {"Connection", nullptr, {no_connection}},
    {"Connection", "keep-alive", {no_connection}},
    // "4. ... ignoring any leading and trailing whitespace"
    {"Sec-WebSocket-Accept", "  s3pPLMBiTxaQ9kYGzzhZRbK+xOo= ", {}},
    {"Sec-WebSocket-Accept", nullptr, {no_accept}},
    {"Sec-WebSocket-Accept", "", {wrong_accept}},
    {"Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", {wrong_accept}},
    {"Sec-WebSocket-Accept", "dGhlIHNhbXBsZSBub25jZQ==", {wrong_accept}},
    // "5. ... an extension that was not present in the client's handshake"
    {"Sec-WebSocket-Extensions", "permessage-deflate", {}},
    {"Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover", {}},
    {"Sec-WebSocket-Extensions", "x-quoted; b=\",z\", permessage-deflate", {}},
    {"Sec-WebSocket-Extensions", "y", {unoffered_extension}},
    {"Sec-WebSocket-Extensions", "permessage-deflate, x-other", {unoffered_extension}},
    // "6. ... a subprotocol that was not present in the client's handshake"
    {"Sec-WebSocket-Protocol", "superchat", {}},
    {"Sec-WebSocket-Protocol", "other", {wrong_subprotocol}},
    {"Sec-WebSocket-Protocol", "Chat", {wrong_subprotocol}},
    {"Sec-WebSocket-Protocol", "chat, superchat", {wrong_subprotocol}},
    {"Sec-WebSocket-Protocol", "", {wrong_subprotocol}},
};

TEST(HandshakeRules, ClientsJudgeAnAnswer) {
  const RequestHead request{"GET", "/chat", 11, good_request_headers};
  EXPECT_EQ(check_response(request, {101, "", 11, good_response_headers}), Flaws{});
  for (const RuleCase& each : response_cases) {
    const ResponseHead response{101, "", 11, with(good_response_headers, each.header, each.value)};
    EXPECT_EQ(check_response(request, response), each.expected)
        << each.header << ": " << (each.value == nullptr ? "(absent)" : each.value);
  }
}

TEST(HandshakeRules, ClientsThatOfferedNothingAcceptNothing) {
  Headers headers = with(good_request_headers, "Sec-WebSocket-Protocol", nullptr);
  headers = with(headers, "Sec-WebSocket-Extensions", nullptr);
  const RequestHead request{"GET", "/chat", 11, headers};
  EXPECT_EQ(check_response(request, {101, "", 11, good_response_headers}), Flaws{});
  EXPECT_EQ(check_response(request,
                           {101, "", 11, and_also(good_response_headers, "sec-websocket-protocol", "chat")}),
            Flaws{wrong_subprotocol});
  EXPECT_EQ(check_response(
                request, {101, "", 11,
                          and_also(good_response_headers, "sec-websocket-extensions", "permessage-deflate")}),
            Flaws{unoffered_extension});
}

// 11.3.4: Sec-WebSocket-Protocol "MUST NOT appear more than once in an HTTP response".
// RFC 7692 7.1: what a response may contain about permessage-deflate, and for which offer.
TEST(HandshakeRules, CompressionIsAgreedOnWhereTheAnswerFitsAnOffer) {
  const struct {
    const char* offered;
    const char* answered;
    bool agreed;
  } cases[] = {
      {"permessage-deflate", "permessage-deflate", true},
      {"permessage-deflate", "Permessage-Deflate", true},
      {"permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
       true},
      {"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=15", true},
      {"permessage-deflate; client_max_window_bits", "permessage-deflate;client_max_window_bits = \"8\"",
       true},
      {"permessage-deflate", "permessage-deflate; server_max_window_bits=9", true},
      {"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10",
       true},
      {"permessage-deflate; server_max_window_bits=10, permessage-deflate",
       "permessage-deflate; server_max_window_bits=12", true},
      {"x-other, permessage-deflate", "x-other, permessage-deflate", true},
      {"permessage-deflate; server_no_context_takeover", "permessage-deflate", true},
      // Without an offer, or with an offer of something else.
      {"", "permessage-deflate", false},
      {"x-other", "permessage-deflate", false},
      {"permessage-deflate", "", false},
      {"permessage-deflate", "x-other", false},
      {"permessage-deflate", "permessage-deflate, x-other", false},
      {"permessage-deflate", "permessage-deflate, permessage-deflate", false},
      {"permessage-deflate, permessage-bzip2", "permessage-bzip2", false},
      // Parameters that are unknown, repeated, have an invalid value, or do not match the offer.
      {"permessage-deflate", "permessage-deflate; level=9", false},
      {"permessage-deflate", "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
       false},
      {"permessage-deflate", "permessage-deflate; server_no_context_takeover=true", false},
      {"permessage-deflate", "permessage-deflate; server_max_window_bits", false},
      {"permessage-deflate", "permessage-deflate; server_max_window_bits=7", false},
      {"permessage-deflate", "permessage-deflate; server_max_window_bits=16", false},
      {"permessage-deflate", "permessage-deflate; server_max_window_bits=010", false},
      {"permessage-deflate", "permessage-deflate; client_max_window_bits=10", false},
      {"permessage-deflate; client_max_window_bits=9", "permessage-deflate; client_max_window_bits=10",
       false},
      {"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11",
       false},
  };
  for (const auto& each : cases) {
    const RequestHead request{"GET", "/chat", 11,
                              with(good_request_headers, "Sec-WebSocket-Extensions", each.offered)};
    const ResponseHead response{101, "", 11,
                                and_also(good_response_headers, "Sec-WebSocket-Extensions", each.answered)};
    EXPECT_EQ(agrees_on_compression(request, response), each.agreed)
        << each.offered << " answered with " << each.answered;
  }
  const RequestHead offers{"GET", "/", 11, {{"Sec-WebSocket-Extensions", "permessage-deflate"}}};
  const Headers twice = {{"Sec-WebSocket-Extensions", "permessage-deflate"},
                         {"sec-websocket-extensions", "permessage-deflate"}};
  EXPECT_FALSE(agrees_on_compression(offers, {101, "", 11, twice}));
  EXPECT_FALSE(agrees_on_compression(offers, {200, "", 11, offers.headers}));
  EXPECT_TRUE(names_extension(offers.headers, "permessage-deflate"));
  EXPECT_FALSE(names_extension(offers.headers, "permessage"));
}

TEST(HandshakeRules, ClientsRefuseTwoSubprotocolsAndTwoDifferentAccepts) {
  const RequestHead request{"GET", "/chat", 11, good_request_headers};
  Headers headers = and_also(good_response_headers, "Sec-WebSocket-Protocol", "chat");
  EXPECT_EQ(check_response(request, {101, "", 11, headers}), Flaws{});
  headers = and_also(headers, "Sec-WebSocket-Protocol", "superchat");
  EXPECT_EQ(check_response(request, {101, "", 11, headers}), Flaws{wrong_subprotocol});
  headers = and_also(good_response_headers, "Sec-WebSocket-Accept", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  EXPECT_EQ(check_response(request, {101, "", 11, headers}), Flaws{wrong_accept});
}

// "1. If the status code received from the server is not 101, the client handles the response per HTTP".
TEST(HandshakeRules, OfAnyOtherStatusOnlyTheStatusIsSaid) {
  const RequestHead request{"GET", "/chat", 11, good_request_headers};
  for (const int status : {100, 103, 200, 302, 401, 502}) {
    EXPECT_EQ(check_response(request, {status, "", 11, {}}), Flaws{status_not_101});
    EXPECT_EQ(check_response(request, {status, "", 11, good_response_headers}), Flaws{status_not_101});
  }
}

TEST(HandshakeRules, SeveralFlawsComeInTheOrderOfTheRfc) {
  const RequestHead request{"GET", "/chat", 11, good_request_headers};
  const Headers headers = {{"Sec-WebSocket-Protocol", "x"}, {"Sec-WebSocket-Extensions", "x"}};
  EXPECT_EQ(check_response(request, {101, "", 11, headers}),
            (Flaws{no_upgrade, no_connection, no_accept, unoffered_extension, wrong_subprotocol}));
  EXPECT_EQ(check_request({"PUT", "/", 10, {}}),
            (Flaws{not_get, not_http_1_1, no_host, no_upgrade, no_connection, bad_key, wrong_version}));
}

const RuleCase request_cases[] = {
    {"Host", nullptr, {no_host}},
    // "3. An |Upgrade| header field containing the value "websocket""
    {"Upgrade", "h2c, WebSocket", {}},
    {"Upgrade", nullptr, {no_upgrade}},
    {"Upgrade", "websockets", {no_upgrade}},
    {"Connection", "Upgrade, HTTP2-Settings", {}},
    {"Connection", nullptr, {no_connection}},
    {"Connection", "close", {no_connection}},
    // "5. ... a base64-encoded value that, when decoded, is 16 bytes in length"
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA==", {}},
    {"Sec-WebSocket-Key", "++++++++++////////////==", {}},
    {"Sec-WebSocket-Key", nullptr, {bad_key}},
    {"Sec-WebSocket-Key", "", {bad_key}},
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA", {bad_key}},
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEBE=", {bad_key}},
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4=", {bad_key}},
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4P-_==", {bad_key}},
    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PE===", {bad_key}},
    // "6. A |Sec-WebSocket-Version| header field, with a value of 13"
    {"Sec-WebSocket-Version", nullptr, {wrong_version}},
    {"Sec-WebSocket-Version", "8", {wrong_version}},
    {"Sec-WebSocket-Version", "13, 8", {wrong_version}},
};

TEST(HandshakeRules, ServersJudgeARequest) {
  EXPECT_EQ(check_request({"GET", "/chat", 11, good_request_headers}), Flaws{});
  EXPECT_EQ(check_request({"POST", "/chat", 11, good_request_headers}), Flaws{not_get});
  EXPECT_EQ(check_request({"get", "/chat", 11, good_request_headers}), Flaws{not_get});
  EXPECT_EQ(check_request({"GET", "/chat", 10, good_request_headers}), Flaws{not_http_1_1});
  EXPECT_EQ(check_request({"GET", "/chat", 11,
                           and_also(good_request_headers, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")}),
            Flaws{bad_key})
      << "11.3.1: the key MUST NOT appear more than once";
  for (const RuleCase& each : request_cases) {
    EXPECT_EQ(check_request({"GET", "/chat", 11, with(good_request_headers, each.header, each.value)}),
              each.expected)
        << each.header << ": " << (each.value == nullptr ? "(absent)" : each.value);
  }
}

TEST(HandshakeRules, AnUpgradeIsAGetWithBothHeadersAndAKey) {
  EXPECT_TRUE(is_upgrade({"GET", "/", 11, good_request_headers}));
  EXPECT_TRUE(is_upgrade({"GET", "/", 11, with(good_request_headers, "Sec-WebSocket-Version", "8")}))
      << "a wrong version is an upgrade to refuse";
  EXPECT_FALSE(is_upgrade({"POST", "/", 11, good_request_headers}));
  for (const char* name : {"Upgrade", "Connection", "Sec-WebSocket-Key"}) {
    EXPECT_FALSE(is_upgrade({"GET", "/", 11, with(good_request_headers, name, nullptr)})) << name;
  }
}

TEST(HandshakeRules, FlawsHaveTheNamesOfTheFaultsAttribute) {
  const std::pair<HandshakeFlaw, std::string_view> names[] = {
      {status_not_101, "status-not-101"},
      {no_upgrade, "no-upgrade"},
      {no_connection, "no-connection"},
      {no_accept, "no-accept"},
      {wrong_accept, "wrong-accept"},
      {wrong_subprotocol, "wrong-subprotocol"},
      {unoffered_extension, "unoffered-extension"},
      {not_get, "not-get"},
      {bad_key, "bad-key"},
      {wrong_version, "wrong-version"},
      {not_http_1_1, "not-http-1-1"},
      {no_host, "no-host"},
  };
  for (const auto& [flaw, name] : names) EXPECT_EQ(to_string(flaw), name);
}

}  // namespace
}  // namespace wsfault::wire
