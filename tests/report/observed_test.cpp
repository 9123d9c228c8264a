// What a party reported and what the wire showed, for each connection.
#include "report/observed.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

using record::EndKind;
using record::Event;
using record::FrameSeen;
using record::Side;
using record::StreamEnded;
using record::Tap;
using sample::of_party;
using sample::on_link;

std::vector<std::string> words(const record::Events& events) {
  std::vector<std::string> out;
  for (const ConnectionObserved& connection : observe(*trace::Trace::of(events))) {
    out.push_back(connection.party + " #" + std::to_string(connection.number) + ' ' + in_words(connection));
  }
  return out;
}

/// The first frame from its side.
FrameSeen close_frame(Tap tap, Side from, std::uint16_t code) {
  FrameSeen frame{.tap = tap, .from = from, .opcode = 8, .number = 1, .length = 2, .code = code};
  if (tap == Tap::arrived) frame.of = 1;
  return frame;
}

TEST(Observed, ACloseAndAnEndBelongToWhoBeganThem) {
  record::Events events;
  sample::add_opening(events, 0);
  events.push_back(on_link(10, close_frame(Tap::sent, Side::server, 1001)));
  events.push_back(on_link(10.1, close_frame(Tap::arrived, Side::server, 1001)));
  events.push_back(on_link(11, close_frame(Tap::sent, Side::client, 1001)));
  events.push_back(on_link(12, StreamEnded{Tap::sent, Side::server, EndKind::fin}));
  events.push_back(on_link(12.1, StreamEnded{Tap::arrived, Side::client, EndKind::fin}));
  events.push_back(
      of_party(12.5, record::Report{.event = "close", .code = 1001, .reason = "bye", .clean = true}, 1));
  EXPECT_EQ(words(events),
            std::vector<std::string>{
                "sut #1 reported close 1001 \"bye\" (clean); on the wire HTTP 101, Close 1001 from "
                "upstream, Close 1001 from sut that did not arrive, TCP FIN from upstream"});
}

TEST(Observed, TheLinksOwnEndsAndTheAnswerThatArrived) {
  const wire::ResponseHead sent{101, "Switching Protocols", 11, {}};
  const wire::ResponseHead replaced{503, "Service Unavailable", 11, {}};
  EXPECT_EQ(
      words({on_link(0, record::Accepted{}), on_link(1, record::ResponseSeen{.tap = Tap::sent, .head = sent}),
             on_link(2, record::ResponseSeen{.tap = Tap::arrived, .head = replaced}),
             on_link(3, StreamEnded{Tap::arrived, Side::server, EndKind::fin}),
             on_link(4, StreamEnded{Tap::sent, Side::client, EndKind::reset}),
             of_party(5, record::Report{.event = "error", .text = "Unexpected server response: 503"}, 1),
             of_party(6, record::Report{.event = "close", .code = 1006}, 1)}),
      std::vector<std::string>{
          "sut #1 reported close 1006 and error \"Unexpected server response: 503\"; on the "
          "wire HTTP 503, no Close frame, TCP RST from sut, TCP FIN from link"});
}

TEST(Observed, WhatBecameOfAnOfferOfCompression) {
  const wire::Headers deflate = {{"Sec-WebSocket-Extensions", "permessage-deflate"}};
  const auto handshake = [](record::RequestSeen request, wire::Headers answered) {
    record::RequestSeen arrived = request;
    arrived.tap = Tap::arrived;
    if (!std::exchange(arrived.declined, "").empty()) arrived.head->headers.clear();
    const wire::ResponseHead answer{101, "", 11, std::move(answered)};
    return record::Events{on_link(0, record::Accepted{}), on_link(1, request), on_link(2, arrived),
                          on_link(3, record::ResponseSeen{.tap = Tap::sent, .head = answer}),
                          on_link(4, record::ResponseSeen{.tap = Tap::arrived, .head = answer})};
  };
  const wire::RequestHead offers{"GET", "/", 11, deflate};
  EXPECT_EQ(
      words(handshake({.head = offers}, deflate)),
      std::vector<std::string>{"sut #1 reported no end; on the wire HTTP 101, permessage-deflate, no Close "
                               "frame, TCP still open"});
  EXPECT_EQ(
      words(handshake({.head = offers, .declined = "permessage-deflate"}, {})),
      std::vector<std::string>{"sut #1 reported no end; on the wire HTTP 101, offer of permessage-deflate "
                               "taken away, no Close frame, TCP still open"});
  EXPECT_EQ(observe(*trace::Trace::of(handshake({.head = offers}, {}))).front().compression, "");
}

TEST(Observed, AnAttemptThatTheLinkNeverSaw) {
  EXPECT_EQ(
      words({of_party(1, record::Report{.event = "error", .text = "ECONNREFUSED"}, 1),
             of_party(2, record::Report{.event = "reconnecting"}, 1), on_link(3, record::Accepted{}, 2)}),
      (std::vector<std::string>{
          "sut #2 reported no end; on the wire no HTTP answer, no Close frame, TCP still open",
          "sut #1 reported error \"ECONNREFUSED\""}));
}

TEST(Observed, HalfAnHttpHeadIsQuoted) {
  const auto bytes = [](const char* start) {
    return words({on_link(0, record::Accepted{}), on_link(1, record::NotHttp{Tap::arrived, Side::server, start})});
  };
  EXPECT_EQ(bytes("HTTP/1.1 10"),
            std::vector<std::string>{"sut #1 reported no end; on the wire half an HTTP head: \"HTTP/1.1 10\", no Close "
                                     "frame, TCP still open"});
  EXPECT_EQ(bytes("SSH-2.0-x"),
            std::vector<std::string>{"sut #1 reported no end; on the wire bytes that are not HTTP: \"SSH-2.0-x\", no "
                                     "Close frame, TCP still open"});
}

TEST(Observed, ACloseThatALinkMadeUp) {
  FrameSeen injected = close_frame(Tap::arrived, Side::server, 1006);
  injected.injected = true;
  injected.of = 0;
  EXPECT_EQ(words({on_link(0, injected)}),
            std::vector<std::string>{
                "sut #1 reported no end; on the wire no HTTP answer, Close 1006 (an illegal code) from link, TCP "
                "still open"});
}

}  // namespace
}  // namespace wsfault::report
